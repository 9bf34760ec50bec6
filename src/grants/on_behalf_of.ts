import type { Context } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { every, first, type Params } from '../protocol/params.ts'
import { OPENID_SCOPES } from '../protocol/standard_claims.ts'
import { userScope } from '../tokens/scope.ts'
import { verifyUserAssertion } from '../tokens/user_assertion.ts'
import type { UserGrant } from '../tokens/user_grant.ts'
import { hasConsented } from '../users/consent.ts'
import { directGrant } from './direct_grant.ts'
import type { Granted, GrantRequest } from './grant.ts'
import { requiredParam } from './required.ts'
import { userTokens } from './user_tokens.ts'

/**
 * Tokens for another API, in the name of the user whose token an API was called with.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function onBehalfOf(request: GrantRequest, cx: Context): Promise<Granted> {
  const { client, params } = request
  assertUse(params)
  const text = requiredParam('assertion', params)
  assertConfidential(request)
  const login = await verifyUserAssertion(text, client, cx)
  const scopes = userScope(first(params, 'scope'), client, cx)
  const targets = { resource: every(params, 'resource'), audience: every(params, 'audience') }
  const grant = directGrant({ client_id: client.client_id, login, scopes, targets }, cx)
  if (client.consent) await assertConsent(grant, cx)
  return userTokens({ grant, scopes, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }, request, cx)
}

function assertUse(params: Params): void {
  const use = requiredParam('requested_token_use', params)
  if (use === 'on_behalf_of') return
  throw new OAuthError('param.invalid', `requested_token_use is ${shown(use)}, expected on_behalf_of`, {
    detail: { name: 'requested_token_use' },
  })
}

function assertConfidential({ client: { client_id }, isPublic }: GrantRequest): void {
  if (!isPublic) return
  throw new OAuthError(
    'client.public_not_allowed',
    `client ${client_id} is public (it has no secret and no key), and what acts for users is confidential; give it a client_secret`,
    { detail: { client_id } },
  )
}

/** Nobody is there to be asked: the user must have agreed when they signed in to the client. */
async function assertConsent(grant: UserGrant, cx: Context): Promise<void> {
  const { client_id, login, scopes } = grant
  const wanted = { ...grant, scopes: scopes.filter((scope) => !OPENID_SCOPES.includes(scope)) }
  if (await hasConsented(wanted, { login, client_id }, cx)) return
  throw new OAuthError(
    'consent.required',
    `${login.username} has not allowed client ${client_id} ${scopes.join(' ')}; ask for it at the authorization endpoint first, or set consent: false`,
    { detail: { client_id } },
  )
}
