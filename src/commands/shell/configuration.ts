/** The configuration that a command works with: what files, environment and options say, or the demo. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { findSource, type LoadOptions, loadConfig } from '../../config/load.ts'
import { type Flags, overridesFrom } from '../../config/override.ts'
import { parseConfig } from '../../config/parse.ts'
import { ConfigError } from '../../config/problem.ts'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { unreadable, validateInput } from '../../config/validate.ts'
import { demoConfig, freshSecret } from '../../demo.ts'
import { names } from '../../names.ts'
import { random } from '../../random.ts'
import type { Terminal } from '../command.ts'

export interface Configured {
  readonly config: ResolvedConfig
  /** The file or variable it came from; undefined is the demo, whose secrets are new each time. */
  readonly file: string | undefined
}

/** Options that concern the configuration, as `parseArgs` gives them. */
export type ConfigValues = { readonly [K in Exclude<keyof Flags, 'tls'>]?: string } & Pick<Flags, 'tls'>

/**
 * The options of a command that works with a configuration.
 * @param tried hears of each file before it is read
 */
export async function configure(
  values: ConfigValues,
  terminal: Terminal,
  tried: (file: string) => void = () => undefined,
): Promise<Configured> {
  const options = loadOptions(values, terminal, tried)
  const config = await loadConfig(options)
  if (config === undefined) return { config: await demo(options), file: undefined }
  return { config, file: (await findSource(options))?.file }
}

/** Validates one file, whatever the environment names. @throws ConfigError */
export async function configureFrom(file: string, { env, cwd }: Terminal): Promise<ResolvedConfig> {
  const path = resolve(cwd, file)
  return parseConfig(readText(path, file), { file, directory: dirname(path), names, env, readFile })
}

function loadOptions(
  values: ConfigValues,
  { env, cwd }: Terminal,
  tried: (file: string) => void,
): LoadOptions {
  const flags: Flags = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  return { flags, env, cwd, names, exists: existsSync, readFile: onceEach(readFile, tried) }
}

async function demo({ flags, env, cwd }: LoadOptions): Promise<ResolvedConfig> {
  const input = await demoConfig(async () => freshSecret(random))
  const config = await validateInput(input, { names, directory: cwd, readFile })
  return (await overridesFrom({ flags, env })).apply(config)
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8')
}

/** Reads no file twice. */
function onceEach(read: (path: string) => string, tried: (path: string) => void): (path: string) => string {
  const texts = new Map<string, string>()
  return (path) => {
    tried(path)
    const text = texts.get(path) ?? read(path)
    texts.set(path, text)
    return text
  }
}

function readText(path: string, file: string): string {
  try {
    return readFile(path)
  } catch (cause) {
    const problem = { file, path: '', message: `cannot read ${path}: ${unreadable(cause)}` }
    throw new ConfigError(`${file}: ${problem.message}`, { problems: [problem], cause })
  }
}
