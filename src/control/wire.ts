/** A call as it comes over the wire: text that is read strictly, for of two readings a test would mean the other. */
import { isRefusedKey } from '../config/strict.ts'
import { shown } from '../protocol/errors.ts'
import { isTooDeep } from '../protocol/json.ts'
import { parseForm } from '../protocol/params.ts'
import { because, Problem } from './problem.ts'

/** @throws Problem 400 for broken percent-encoding */
export function assertPath(path: string): void {
  try {
    decodeURIComponent(path)
  } catch (cause) {
    throw because(cause, 400, `the path ${shown(path)} has broken percent-encoding; write each octet as %HH`)
  }
}

/** Each parameter once and with a value: of two nobody knows which is meant, and an empty one was to be something. @throws Problem 400 */
export function queryOf(search: string): Readonly<Record<string, string>> {
  const query: Record<string, string> = Object.create(null)
  const text = search.slice(1)
  for (const [name, values] of readQuery(text)) {
    if (values.length > 1)
      throw new Problem(400, `the parameter ${shown(name)} came ${values.length} times; send it once`)
    query[name] = values[0] as string
  }
  const empty = text.split('&').find((pair) => /^[^=]+=?$/.test(pair))
  if (empty === undefined) return query
  throw new Problem(400, `the parameter ${shown(empty.replace('=', ''))} has no value; leave it out`)
}

function readQuery(text: string): ReturnType<typeof parseForm> {
  try {
    return parseForm(text)
  } catch (cause) {
    throw because(cause, 400, (cause as Error).message)
  }
}

/** A body as it came. */
export interface Sheet {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string | undefined>>
}

const TYPES = ['application/json', 'application/merge-patch+json']

/**
 * JSON and nothing else: a form of another site can send text, and no JSON.
 * @throws Problem 400, 415
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
export function bodyOf({ bytes, headers }: Sheet): unknown {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isJson = TYPES.includes(type)
  if (bytes.length === 0 && (type === '' || isJson)) return undefined
  if (!isJson)
    throw new Problem(
      415,
      `the body came as ${type === '' ? 'nothing that is named' : shown(type)}, expected application/json`,
    )
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new Problem(415, `the body came in ${shown(encoding)}, expected none of Content-Encoding`)
  return jsonIn(textOf(bytes))
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw because(cause, 400, 'the body is no UTF-8')
  }
}

function jsonIn(text: string): unknown {
  const value = parsed(text)
  if (isTooDeep(value)) throw new Problem(400, 'the body is nested more than 32 levels deep')
  const key = refusedKeyIn(value)
  if (key === undefined) return value
  throw new Problem(400, `the body has a key ${key}, which nothing may be called`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw because(cause, 400, `the body is no JSON: ${(cause as Error).message}`)
  }
}

/** A key that could reach a prototype, wherever it stands. */
function refusedKeyIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, each] of Object.entries(value)) {
    const found = isRefusedKey(key) ? key : refusedKeyIn(each)
    if (found !== undefined) return found
  }
  return undefined
}
