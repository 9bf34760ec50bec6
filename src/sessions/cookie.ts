/** The session's cookie. Koa's own cookies are not used: a cookie of ours is one name and one value. */
import type { Context } from '../context.ts'
import type { Request } from '../protocol/messages.ts'

/**
 * Tenants share a host, and a tenant has several paths, so the name tells them apart, not the path; and the port, which
 * is not part of a cookie: two providers of one machine would sign each other's users out.
 * @see https://www.rfc-editor.org/rfc/rfc6265.html#section-8.5
 */
function nameOf({ tenant, bases }: Context): string {
  return `${PREFIX}${tenant.name}${suffixOf(bases)}`
}

const PREFIX = 'idp_double_session.'

function suffixOf({ caller }: Context['bases']): string {
  const { port } = new URL(caller)
  return port === '' ? '' : `.${port}`
}

/** The value that came; the first, where there are several. @see https://www.rfc-editor.org/rfc/rfc6265.html#section-5.4 */
export function readCookie(request: Pick<Request, 'headers'>, cx: Context): string | undefined {
  const name = `${nameOf(cx)}=`
  return pairsOf(request)
    .find((pair) => pair.startsWith(name))
    ?.slice(name.length)
}

/** The same of each tenant whose users sign in here. */
export function readCookies(request: Pick<Request, 'headers'>, cx: Context): readonly string[] {
  const { homes } = cx.tenant
  const suffix = suffixOf(cx.bases)
  const nameIn = (pair: string) => pair.slice(PREFIX.length, pair.indexOf('=') - suffix.length)
  const tenants =
    homes === undefined
      ? [cx.tenant]
      : new Set(pairsOf(request).flatMap((pair) => homes.get(nameIn(pair)) ?? []))
  return [...tenants].flatMap((tenant) => readCookie(request, { ...cx, tenant }) ?? [])
}

function pairsOf({ headers }: Pick<Request, 'headers'>): string[] {
  return (headers['cookie'] ?? '').split(';').map((pair) => pair.trim())
}

/**
 * The Set-Cookie header. A cookie without Secure must not be SameSite=None, or browsers drop it and the login loops;
 * with https, None lets pages of other sites renew a login in a frame.
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-samesite-attribute-2
 */
export function setCookie(value: string, maxAge: number, cx: Context): string {
  const site = cx.bases.caller.startsWith('https:') ? 'SameSite=None; Secure' : 'SameSite=Lax'
  return `${nameOf(cx)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; ${site}`
}
