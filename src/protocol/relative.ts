/**
 * The shortest reference from one path to another: it leads there below any prefix that a proxy adds or cuts off.
 * @see https://www.rfc-editor.org/rfc/rfc3986.html#section-4.2
 */
export function relativePath(from: string, to: string): string {
  const base = from.split('/').slice(0, -1)
  const target = to.split('/')
  const folders = target.slice(0, -1)
  const parting = base.findIndex((segment, index) => segment !== folders[index])
  const shared = parting === -1 ? base.length : parting
  const up = '../'.repeat(base.length - shared)
  const down = target.slice(shared).join('/')
  // Without a segment before it, `a:b` would be a scheme, `/a` a path from the root, and nothing the same document.
  return up === '' && /^(?:$|\/|[^/]*:)/.test(down) ? `./${down}` : `${up}${down}`
}
