/** The items of these names, in one pass. */
export function found<T>(
  items: readonly T[],
  names: ReadonlySet<string | undefined>,
  nameOf: (item: T) => string,
): ReadonlyMap<string, T> {
  if (names.size === 0) return new Map()
  return new Map(items.filter((item) => names.has(nameOf(item))).map((item) => [nameOf(item), item]))
}

const NAMED = 5

/** Names for a sentence, not more than a few. */
export function few(names: readonly string[]): string {
  const rest = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
