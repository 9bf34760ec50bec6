import { dirname } from 'node:path'
import type { Names } from './names.ts'
import type { Finding, PathKey, Source } from './problem.ts'
import type { ResolvedConfig } from './resolve.ts'
import { type Env, hasReference, substitute } from './substitute.ts'
import { type ValidateOptions, validate } from './validate.ts'

export interface ParseOptions {
  /** Name of the file, for messages; relative paths in the configuration begin at its directory. */
  readonly file: string
  /** Default: json for a name that ends in .json, else yaml. */
  readonly format?: 'yaml' | 'json'
  /** Where relative paths begin, when that is not the directory of `file`. */
  readonly directory?: string
  readonly names: Names
  readonly env: Env
  readonly readFile: (path: string) => string
  /** Whether https is served also where the configuration does not say so. */
  readonly tls?: boolean | undefined
  /** The port of http, where it is not that of the configuration. */
  readonly port?: number | undefined
}

/**
 * Reads a configuration from text and makes it ready for use. YAML is for people, JSON for generated data.
 * @throws {ConfigError} with every problem at once, each at its line and column
 */
export async function parseConfig(text: string, options: ParseOptions): Promise<ResolvedConfig> {
  const { file, format = file.toLowerCase().endsWith('.json') ? 'json' : 'yaml' } = options
  const validation = { ...options, directory: options.directory ?? dirname(file) }
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  return format === 'json'
    ? await fromJson(body, options, validation)
    : await fromYaml(body, options, validation)
}

async function fromYaml(
  text: string,
  options: ParseOptions,
  validation: ValidateOptions,
): Promise<ResolvedConfig> {
  const { readYaml } = await import('./yaml.ts')
  const { value, found, source } = readYaml(text, options.file, options.env)
  if (value !== undefined) return await validate(value, validation, { source, found })
  const { fail } = await import('./report.ts')
  return await fail({ found }, source)
}

async function fromJson(
  text: string,
  options: ParseOptions,
  validation: ValidateOptions,
): Promise<ResolvedConfig> {
  const source = async (): Promise<Source> => (await import('./yaml.ts')).jsonSource(text, options.file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const [{ jsonSyntaxError }, { fail }] = await Promise.all([
      import('./json_syntax.ts'),
      import('./report.ts'),
    ])
    return await fail({ found: [jsonSyntaxError(text)] }, { file: options.file, text })
  }
  const found: Finding[] = []
  // An escaped $ or { is a reference too, once it is parsed.
  if (hasReference(text) || text.includes('\\u00')) value = filledIn(value, [], { env: options.env, found })
  return await validate(value, validation, { source, found })
}

/** Fills in the strings of a JSON value. What is nested too deeply to be a configuration is left for the schema. */
function filledIn(value: unknown, path: readonly PathKey[], reader: { env: Env; found: Finding[] }): unknown {
  if (typeof value === 'string' && hasReference(value)) {
    const result = substitute(value, reader.env)
    if ('text' in result) return result.text
    reader.found.push({ path, message: result.problem })
  }
  if (typeof value !== 'object' || value === null || path.length > DEEPEST) return value
  const entries = value as Record<string, unknown>
  for (const key of Object.keys(entries)) {
    if (key === '__proto__') continue
    entries[key] = filledIn(entries[key], [...path, Array.isArray(value) ? Number(key) : key], reader)
  }
  return value
}

const DEEPEST = 100
