import { type Document, parseDocument } from 'yaml'
import { tooDeepAt } from './depth.ts'
import type { Finding, Range, Source } from './problem.ts'
import { type Env, hasReference } from './substitute.ts'
import { locateIn, secretsIn } from './yaml_nodes.ts'
import { ALIAS, MOST_ALIASES, type Reader, tooManyAliases, walk } from './yaml_walk.ts'

const LARGEST = 1024 * 1024
/** A line that may hold a secret, where the text is too broken to tell. */
const SECRET_LINE = /^.*\b(?:\w*secrets?\w*|d|p|q|dp|dq|qi|k)["']?\s*:.*$/gim
/** What YAML 1.2 does not allow in a stream, and what a UTF-16 file looks like when it is read as UTF-8. */
const NOT_TEXT = /[^\P{Cc}\t\n\r\x85]|[\ufffe\uffff]/u

/** A YAML text as a value, with what is wrong with it so far. Without a value nothing more can be said. */
export interface YamlResult {
  readonly value?: unknown
  readonly found: readonly Finding[]
  readonly source: Source
}

/** Reads YAML 1.2 of the core schema, and fills in environment variables after parsing. */
export function readYaml(text: string, file: string, env: Env): YamlResult {
  const refused = refusal(text)
  if (refused !== undefined) return { found: [refused], source: { file, text } }
  const document = parse(text)
  const source: Source = { file, text, ...placesOf(document) }
  const [broken] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  if (broken !== undefined) {
    const lines = [...text.matchAll(SECRET_LINE)].map(
      (line): Range => [line.index, line.index + line[0].length],
    )
    const secrets = [...secretsIn(document), ...lines]
    // The others follow from the first.
    return { found: [syntaxFinding(broken, text)], source: { file, text, secrets } }
  }
  const reader: Reader = { env, document, found: [], anchors: new Set(), aliases: new Map() }
  walk(document.contents, [], reader)
  if (reader.found.some(({ list }) => list === ALIAS)) return { found: reader.found, source }
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {}, found: reader.found, source }
  } catch {
    return { found: [...reader.found, { path: [], message: tooManyAliases(), range: [0, 0] }], source }
  }
}

/** Positions in a JSON text, which is YAML too; nothing when it is too large or too deep. */
export function jsonSource(text: string, file: string): Source {
  if (refusal(text) !== undefined) return { file }
  return { file, text, ...placesOf(parse(text)) }
}

function placesOf(document: Document): Pick<Required<Source>, 'locate' | 'secrets'> {
  const [locate, secrets] = [once(() => locateIn(document)), once(() => secretsIn(document))]
  return {
    locate: (path, at) => locate()(path, at),
    get secrets() {
      return secrets()
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function parse(text: string): Document {
  return parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    // `walk` finds repeated keys: the parser compares each key with every other one.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
}

/** Looks at a text before the parser does. */
function refusal(text: string): Finding | undefined {
  if (text.length > LARGEST || Buffer.byteLength(text) > LARGEST) {
    return { path: [], message: 'YAML larger than 1 MiB is refused; use JSON for generated data' }
  }
  const at = text.search(NOT_TEXT)
  if (at !== -1) {
    const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
    const message = `the character U+${code} is not allowed; the file must be UTF-8 text`
    return { path: [], message, range: [at, at + 1] }
  }
  const deep = tooDeepAt(text)
  if (deep === undefined) return undefined
  return { path: [], message: 'nested deeper than 64 levels', range: [deep, deep + 1] }
}

function syntaxFinding(
  { message, pos }: { message: string; pos: readonly [number, number] },
  text: string,
): Finding {
  const start = Math.min(pos[0], text.length)
  const line = /.*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1))?.[0] ?? ''
  const hint = hasReference(line) ? '; inside [ ] and { } a reference to the environment needs quotes' : ''
  return {
    path: [],
    message: `YAML: ${message.split('\n')[0]?.replace(/: ".*$/, '')}${hint}`,
    range: [start, Math.min(pos[1], text.length)],
  }
}
