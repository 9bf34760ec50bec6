import { resolve as joinPath } from 'node:path'
import * as v from 'valibot'
import { check } from './check.ts'
import { clientTlsOf } from './check_client_tls.ts'
import type { Names } from './names.ts'
import type { Finding, Source } from './problem.ts'
import { type ResolvedConfig, resolve } from './resolve.ts'
import { type Config, configSchema, type Draft } from './schema.ts'

/** What validation needs beside the configuration: names, and a way to read the files it names. */
export interface ValidateOptions {
  readonly names: Names
  /** Where relative paths in the configuration begin. */
  readonly directory: string
  readonly readFile: (path: string) => string
  /** Whether https is served also where the configuration does not say so. */
  readonly tls?: boolean | undefined
  /** The port of http, where it is not that of the configuration. */
  readonly port?: number | undefined
}

/**
 * Validates a configuration that a program wrote, as an object, and makes it ready for use.
 * @throws {ConfigError} with every problem at once
 */
export async function validateInput(input: unknown, options: ValidateOptions): Promise<ResolvedConfig> {
  return await validate(input, options, { source: { file: 'configuration' } })
}

/** Validates a parsed configuration; what parsing found already is reported together with the rest. */
export async function validate(
  input: unknown,
  options: ValidateOptions,
  { source, found = [] }: { source: Source | (() => Promise<Source>); found?: readonly Finding[] },
): Promise<ResolvedConfig> {
  const files = fileReader(options)
  const { output, issues = [] } = v.safeParse(configSchema(options.names), input)
  const draft = issues.length === 0 ? (output as Config) : withoutWrong(output, issues)
  const findings: Finding[] = []
  const { names, tls: addsTls = false, port } = options
  const clientTls = clientTlsOf(draft, addsTls)
  check(draft, { names, tryFile: files.tryFile, findings, clientTls, addsTls, port })
  if (issues.length + findings.length + found.length === 0)
    return resolve(output as Config, files, options.names)
  const { fail } = await import('./report.ts')
  const place = typeof source === 'function' ? await source() : source
  return await fail({ issues, findings, found }, place)
}

/** What is left of a configuration without the values that the schema refused. */
export function withoutWrong<T = Config>(output: unknown, issues: readonly v.BaseIssue<unknown>[]): Draft<T> {
  for (const { path } of issues) {
    if (path === undefined) return {} as Draft<T>
    const keys = path.map(({ key }) => key as string)
    const last = keys.pop() as string
    let node = output as Record<string, unknown> | undefined
    for (const key of keys)
      node = isObject(node) && Object.hasOwn(node, key) ? (node[key] as typeof node) : undefined
    if (isObject(node) && Object.hasOwn(node, last)) node[last] = undefined
  }
  return output as Draft<T>
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

type TriedFile = { readonly content: string } | { readonly problem: string }

interface FileReader {
  readonly directory: string
  readonly tryFile: (file: string) => TriedFile
  readonly content: (file: string) => string
}

/** Reads each file once; the checks find what is unreadable, so that `content` is safe afterwards. */
function fileReader({ directory, readFile }: ValidateOptions): FileReader {
  const tried = new Map<string, TriedFile>()
  const tryFile = (file: string): TriedFile => {
    const known = tried.get(file) ?? readOnce(joinPath(directory, file), readFile)
    tried.set(file, known)
    return known
  }
  const content = (file: string): string => {
    const found = tryFile(file)
    return 'content' in found ? found.content : ''
  }
  return { directory, tryFile, content }
}

function readOnce(path: string, readFile: (path: string) => string): TriedFile {
  try {
    return { content: readFile(path) }
  } catch (error) {
    return { problem: `cannot read ${path}: ${unreadable(error)}` }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
}

/** Why a file could not be read, without a stack. */
export function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (code || 'it is not readable')
}
