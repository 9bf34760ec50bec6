const LONGEST = 100

/** `; did you mean X?` for the name that is most like the one that came, or nothing where none is. */
export async function didYouMean(name: string, among: readonly string[]): Promise<string> {
  if (among.length === 0 || name.length > LONGEST) return ''
  const { closest, distance } = await import('fastest-levenshtein')
  const best = closest(name, among)
  return distance(name, best) <= Math.max(1, name.length * 0.4) ? `; did you mean ${best}?` : ''
}
