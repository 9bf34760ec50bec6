import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml'
import type { Finding, PathKey, Range } from './problem.ts'
import { type Env, hasReference, substitute } from './substitute.ts'
import { keyOf, rangeOf } from './yaml_nodes.ts'

/** Marks findings after which the document has no value. */
export const ALIAS = 'alias'

/** How often one anchor may be used. */
export const MOST_ALIASES = 50

export interface Reader {
  readonly env: Env
  readonly document: Document
  readonly found: Finding[]
  readonly anchors: Set<string>
  readonly aliases: Map<string, number>
}

/** Fills in variables and refuses what the parser lets pass; recursion is bounded by `tooDeepAt`. */
export function walk(node: unknown, path: readonly PathKey[], reader: Reader): void {
  if (isAlias(node)) checkAlias(node.source, { path, range: rangeOf(node) }, reader)
  else if (isMap(node)) {
    const seen = new Set<string>()
    for (const pair of node.items) {
      const key = keyOf(pair)
      checkKey(key, { path: [...path, key], range: rangeOf(pair.key), repeated: seen.has(key) }, reader)
      seen.add(key)
      walk(pair.value, [...path, key], reader)
    }
  } else if (isSeq(node))
    for (const [index, item] of node.items.entries()) walk(item, [...path, index], reader)
  else if (isScalar(node) && typeof node.value === 'string' && hasReference(node.value))
    fillIn(node, path, reader)
  const { anchor } = (node ?? {}) as { anchor?: string }
  if (anchor) reader.anchors.add(anchor)
}

interface At {
  readonly path: readonly PathKey[]
  readonly range: Range | undefined
}

function checkKey(key: string, { path, range, repeated }: At & { repeated: boolean }, reader: Reader): void {
  const place = { path, at: 'key' as const, ...(range && { range }) }
  if (repeated) reader.found.push({ ...place, message: 'the key is given twice' })
  if (key === '<<')
    reader.found.push({ ...place, message: 'merge keys (<<) are not supported: write the keys out' })
}

function checkAlias(name: string, { path, range }: At, reader: Reader): void {
  const count = (reader.aliases.get(name) ?? 0) + 1
  reader.aliases.set(name, count)
  const place = { path, list: ALIAS, ...(range && { range }) }
  if (!reader.anchors.has(name)) {
    reader.found.push({ ...place, message: `no anchor &${name} stands before this alias` })
  } else if (count === MOST_ALIASES + 1) reader.found.push({ ...place, message: tooManyAliases() })
}

/** What to say about too many uses of one anchor. */
export function tooManyAliases(): string {
  return `an anchor is used more than ${MOST_ALIASES} times, itself or through others; use JSON for generated data`
}

/** A plain scalar gets the type of what was filled in: `port: ${PORT}` is a number. */
function fillIn(node: Scalar, path: readonly PathKey[], { env, document, found }: Reader): void {
  const result = substitute(String(node.value), env)
  const range = rangeOf(node)
  if ('problem' in result) found.push({ path, message: result.problem, ...(range && { range }) })
  else node.value = node.type === 'PLAIN' && !node.tag ? retyped(result.text, document) : result.text
}

function retyped(text: string, document: Document): unknown {
  for (const tag of document.schema.tags) {
    if (tag.collection !== undefined || !('test' in tag) || !tag.default || !tag.test?.test(text)) continue
    const value = tag.resolve?.(text, () => {}, document.options as never)
    return isScalar(value) ? value.value : value
  }
  return text
}
