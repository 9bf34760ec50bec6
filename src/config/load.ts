import { isAbsolute, join, resolve as joinPath } from 'node:path'
import type { Names } from './names.ts'
import { type Flags, overridesFrom } from './override.ts'
import { parseConfig } from './parse.ts'
import { ConfigError } from './problem.ts'
import type { ResolvedConfig } from './resolve.ts'
import type { Env } from './substitute.ts'
import { unreadable } from './validate.ts'

const FILES = ['idp-double.yaml', 'idp-double.yml', 'idp-double.json']

export interface LoadOptions {
  readonly flags: Flags
  readonly env: Env
  readonly cwd: string
  readonly names: Names
  readonly readFile: (path: string) => string
  readonly exists: (path: string) => boolean
}

/** The text of a configuration and where it came from. */
export interface ConfigSource {
  /** For messages: the file as it was named, or the environment variable. */
  readonly file: string
  readonly directory: string
  /** The file to watch; absent for inline YAML. */
  readonly path?: string
  readonly text: string
}

/**
 * Loads the configuration that environment, flags and files select, with the overrides applied;
 * `undefined` when there is none.
 * @throws {ConfigError} with every problem at once
 */
export async function loadConfig(options: LoadOptions): Promise<ResolvedConfig | undefined> {
  const override = await overridesFrom(options)
  const source = await findSource(options)
  if (source === undefined) return undefined
  const { names, env, readFile, flags } = options
  const tls = flags.tls !== undefined && flags.tls !== false
  const given = { names, env, readFile, tls, port: override.port }
  return override.apply(await parseConfig(source.text, { ...source, ...given }))
}

/** Finds the configuration: IDP_DOUBLE_CONFIG, IDP_DOUBLE_CONFIG_FILE, `-c FILE`, then `idp-double.yaml` beside. */
export async function findSource(options: LoadOptions): Promise<ConfigSource | undefined> {
  const { flags, env, cwd, exists } = options
  const text = env['IDP_DOUBLE_CONFIG']
  if (text) return { file: 'IDP_DOUBLE_CONFIG', directory: cwd, text }
  const named = env['IDP_DOUBLE_CONFIG_FILE']
  if (named) return await readSource(named, 'IDP_DOUBLE_CONFIG_FILE', options)
  if (flags.config !== undefined) return await readSource(flags.config, '--config', options)
  const beside = FILES.find((name) => exists(join(cwd, name)))
  return beside === undefined ? undefined : await readSource(beside, undefined, options)
}

async function readSource(
  file: string,
  origin: string | undefined,
  { cwd, readFile }: LoadOptions,
): Promise<ConfigSource> {
  const path = isAbsolute(file) ? file : joinPath(cwd, file)
  try {
    return { file, path, directory: join(path, '..'), text: readFile(path) }
  } catch (error) {
    const problem = { file: origin ?? file, path: '', message: `cannot read ${path}: ${unreadable(error)}` }
    throw new ConfigError(`${problem.file}: ${problem.message}`, { problems: [problem], cause: error })
  }
}
