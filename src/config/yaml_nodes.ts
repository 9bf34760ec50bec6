import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml'
import { SECRET_KEYS } from './private_members.ts'
import type { PathKey, Range } from './problem.ts'

/** The name of a pair's key. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}

/** Finds the place of a path, or of what is nearest above it when it is not there. */
export function locateIn(
  document: Document,
): (path: readonly PathKey[], at: 'key' | 'value') => Range | undefined {
  const anchors = anchorsOf(document)
  const pairs = pairFinder()
  return (path, at) => {
    let node: unknown = document.contents
    let range = rangeOf(node)
    for (const [index, key] of path.entries()) {
      const target = isAlias(node) ? anchors.get((node as Alias).source) : node
      const pair = isMap(target) ? pairs(target, String(key)) : undefined
      node = isSeq(target) ? target.items[Number(key)] : pair?.value
      const isLast = index === path.length - 1
      const value = isPair(node) ? undefined : rangeOf(node)
      const isEmpty = value === undefined || value[0] === value[1]
      const next = pair && (isEmpty || (isLast && at === 'key')) ? rangeOf(pair.key) : value
      if (next === undefined) return range
      range = next
    }
    return range
  }
}

/** Looks pairs up by key, at the same cost whatever the size of the map. */
function pairFinder(): (map: YAMLMap, key: string) => Pair | undefined {
  const known = new Map<YAMLMap, ReadonlyMap<string, Pair>>()
  return (map, key) => {
    const pairs = known.get(map) ?? new Map(map.items.map((pair) => [keyOf(pair), pair]))
    known.set(map, pairs)
    return pairs.get(key)
  }
}

function anchorsOf(document: Document): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>()
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor) anchors.set(node.anchor, node as Node)
    },
  })
  return anchors
}

/** Where the text holds secrets. */
export function secretsIn(document: Document): readonly Range[] {
  const secrets: Range[] = []
  visit(document, {
    Pair: (_, pair) => {
      const range = SECRET_KEYS.has(keyOf(pair)) ? rangeOf(pair.value) : undefined
      if (range !== undefined) secrets.push(range)
    },
  })
  return secrets
}

/** Where a node begins and ends, without the space after it. */
export function rangeOf(node: unknown): Range | undefined {
  const range = (node as Node | null | undefined)?.range
  return range ? [range[0], range[1]] : undefined
}
