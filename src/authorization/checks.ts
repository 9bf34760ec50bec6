/** What the checks of an authorization request share; each checks one thing, in the order of `validate.ts`. */
import { type ClientConfig, type Context, enforce } from '../context.ts'
import { allowedValues, type ClaimsRequest } from '../protocol/claims_request.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { every, first, type Params } from '../protocol/params.ts'
import { userScope } from '../tokens/scope.ts'

/**
 * The scope that is granted when the user agrees.
 * @throws OAuthError scope.*
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation
 */
export function assertScope(
  params: Params,
  { client, types }: { readonly client: ClientConfig; readonly types: readonly string[] },
  cx: Context,
): readonly string[] {
  const scopes = userScope(first(params, 'scope'), client, cx)
  if (types.includes('id_token') && !scopes.includes('openid'))
    throw new OAuthError(
      'scope.missing',
      `scope is ${shown(first(params, 'scope') ?? '')}, an ID token needs openid in it`,
    )
  // MUST be ignored where no refresh token can follow, OpenID Connect Core §11.
  const refreshes = types.includes('code') && client.grant_types.includes('refresh_token')
  return refreshes ? scopes : scopes.filter((scope) => scope !== 'offline_access')
}

/** REQUIRED where an ID token leaves the authorization endpoint. @see https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest */
export function assertNonce(params: Params, types: readonly string[], cx: Context): string | undefined {
  const nonce = first(params, 'nonce')
  if (nonce !== undefined || !types.includes('id_token')) return nonce
  const error = new OAuthError(
    'nonce.missing',
    `nonce is missing, response_type ${types.join(' ')} needs one; send a new random value and compare it with the nonce of the ID token`,
    { detail: { name: 'nonce' } },
  )
  enforce('nonce', error, cx)
  return undefined
}

/** Seconds since the last login that are still good. @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest */
export function assertMaxAge(params: Params, client: ClientConfig): number | undefined {
  const came = first(params, 'max_age')
  if (came === undefined) return client.default_max_age
  if (/^\d{1,10}$/.test(came)) return Number(came)
  throw new OAuthError('param.invalid', `max_age is ${shown(came)}, expected a number of seconds`, {
    detail: { name: 'max_age' },
  })
}

/** An essential acr that no login here can have. @see https://openid.net/specs/openid-connect-core-1_0.html#acrSemantics */
export function assertAcr(claims: ClaimsRequest, cx: Context): void {
  const wanted = claims.id_token['acr']
  const values = allowedValues(wanted)
  const { acr_values } = cx.tenant.config.login
  if (
    wanted?.essential !== true ||
    values === undefined ||
    values.some((value) => typeof value === 'string' && acr_values.includes(value))
  )
    return
  throw new OAuthError(
    'login.acr_unmet',
    `acr ${oneOf(values.map(shown))} is essential, logins here have ${oneOf(acr_values)}; add it to login.acr_values`,
  )
}

/** The whole set of values the client would like, the preferred one first. */
export function wantedAcr(params: Params, claims: ClaimsRequest, client: ClientConfig): readonly string[] {
  const inClaims = (allowedValues(claims.id_token['acr']) ?? []).filter((value) => typeof value === 'string')
  const inParam = (first(params, 'acr_values') ?? '').split(' ').filter((value) => value !== '')
  const asked = [...inClaims, ...inParam]
  return asked.length > 0 ? asked : client.default_acr_values
}

/** Parameters that OpenID Connect knows and this provider does not serve are refused by name. @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError */
export function assertServed(params: Params): void {
  if (!params.has('registration')) return
  throw new OAuthError(
    'registration.not_supported',
    'the registration parameter is for self-issued providers; register the client in the configuration, or at the registration endpoint',
  )
}

/** Whom the tokens are for. @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2.1 */
export function targetsOf(params: Params): { resource?: readonly string[]; audience?: readonly string[] } {
  const [resource, audience] = [every(params, 'resource'), every(params, 'audience')]
  return { ...(resource.length > 0 && { resource }), ...(audience.length > 0 && { audience }) }
}
