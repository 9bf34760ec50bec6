import { type ClientConfig, type Context, enforce, type ResourceConfig } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { isScopeToken, parseScope } from '../protocol/scope.ts'
import { OPENID_SCOPES } from '../protocol/standard_claims.ts'

/**
 * The scope a client may have of the one it asked for; without one it is the client's registered scope.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3
 */
export function grantScope(requested: string | undefined, client: ClientConfig, cx: Context): string[] {
  if (requested === undefined) return [...(client.scopes ?? [])]
  const known = client.scopes ?? declaredScopes(cx)
  const isDeclared = (token: string) =>
    client.scopes === undefined &&
    (cx.tenant.registry.scopeOwners.get(token) !== undefined || isOfProvider(token, cx))
  return parseScope(requested).filter((token) => {
    if (!isScopeToken(token))
      throw invalid(token, 'has a character that RFC 6749 does not allow in a scope', requested)
    if (known === undefined || known.includes(token) || isDeclared(token)) return true
    enforce('scope', notGranted(token, { known, requested, client }), cx)
    // lenient: dropped, as RFC 6749 §3.3 lets a server do; the answer's scope says so.
    return false
  })
}

/**
 * The scope that a user may let a client have: OpenID Connect's own and the configured ones are for every client, what
 * APIs declare is for those that may have it.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
 */
export function userScope(requested: string | undefined, client: ClientConfig, cx: Context): string[] {
  const free = new Set([...OPENID_SCOPES, ...Object.keys(cx.tenant.config.scopes)])
  const named = requested === undefined ? (client.scopes ?? []) : parseScope(requested)
  const asked = [...new Set([...named, ...cx.tenant.dialect.defaultScopes])]
  const ofApis = asked.filter((token) => !free.has(token)).join(' ')
  const granted = new Set(ofApis === '' ? [] : grantScope(ofApis, client, cx))
  return asked.filter((token) => free.has(token) || granted.has(token))
}

/** What is left of a scope for these resources: what belongs to others only does not enter a token (RFC 8707 §2.2). */
export function scopeFor(
  resources: readonly ResourceConfig[],
  scopes: readonly string[],
  cx: Context,
): string[] {
  if (resources.length === 0) return [...scopes]
  return scopes.filter((scope) => {
    const owners = cx.tenant.registry.scopeOwners.get(scope)
    return owners === undefined || resources.some((resource) => resource.scopes.includes(scope))
  })
}

/** Every scope that the resources declare; undefined where nothing is declared to compare with. */
function declaredScopes(cx: Context): readonly string[] | undefined {
  const { scopeOwners } = cx.tenant.registry
  return scopeOwners.size === 0 ? undefined : [...scopeOwners.keys()]
}

/** Whether a scope has the form of those that the provider's own APIs have, and nobody declared which ones there are. */
function isOfProvider(token: string, { tenant: { dialect, registry } }: Context): boolean {
  const known = dialect.resources
  if (known === undefined || !known.scopes.test(token)) return false
  return registry.resources.get(known.userinfo)?.scopes.length === 0
}

function notGranted(
  token: string,
  at: { known: readonly string[]; requested: string; client: ClientConfig },
): OAuthError {
  const where =
    at.client.scopes === undefined
      ? 'any resource declares'
      : `is registered for client ${at.client.client_id}`
  return invalid(
    token,
    `is not a scope that ${where}; expected ${oneOf(at.known)}. Add it to the configuration, or leave it out`,
    at.requested,
  )
}

function invalid(token: string, why: string, requested: string): OAuthError {
  return new OAuthError('scope.invalid', `scope ${shown(token)} ${why}`, { detail: { scope: requested } })
}
