/** A URI with parameters added to its query; what stands there already is kept. */
export function appended(uri: string, params: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams(params).toString()
  if (added === '') return uri
  const [, place = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(uri) ?? []
  return `${place}${place.includes('?') ? '&' : '?'}${added}${fragment}`
}
