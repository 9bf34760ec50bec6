import type { Context } from '../context.ts'
import { first, type Params } from '../protocol/params.ts'
import { decodeAssertion, useOnce } from '../tokens/assertion.ts'
import { GRANT_ASSERTION, verifyGrantAssertion } from '../tokens/grant_assertion.ts'
import { userScope } from '../tokens/scope.ts'
import { directGrant } from './direct_grant.ts'
import type { Grant, Granted, GrantRequest } from './grant.ts'
import { onBehalfOf } from './on_behalf_of.ts'
import { requiredParam } from './required.ts'
import { assertIssuable, userTokens } from './user_tokens.ts'

/**
 * A token for whom a JWT is about: one that the client signed, or in some dialects one that the client was called with.
 * @see https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1
 */
export const jwtBearer: Grant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  signer: (params, { tenant }) => (tenant.dialect.jwtBearer === 'assertion' ? issuerIn(params) : undefined),
  exchange: (request, cx) =>
    cx.tenant.dialect.jwtBearer === 'assertion' ? asserted(request, cx) : onBehalfOf(request, cx),
}

function issuerIn(params: Params): string | undefined {
  const text = first(params, 'assertion')
  if (text === undefined) return undefined
  const { iss } = decodeAssertion(text, GRANT_ASSERTION).claims
  return typeof iss === 'string' ? iss : undefined
}

/** Nothing but an access token: its client can sign another assertion at any time, and nobody signed in. @see https://www.rfc-editor.org/rfc/rfc7521.html#section-4.1 */
async function asserted(request: GrantRequest, cx: Context): Promise<Granted> {
  const { client, params } = request
  const assertion = decodeAssertion(requiredParam('assertion', params), GRANT_ASSERTION)
  const { username, until } = await verifyGrantAssertion(assertion, client, cx)
  const scopes = userScope(first(params, 'scope'), client, cx)
  const login = { username, auth_time: cx.tenant.clock.seconds() }
  const grant = directGrant({ client_id: client.client_id, login, scopes }, cx)
  const redeemed = { grant, scopes, grant_type: jwtBearer.grant_type, alone: true }
  await assertIssuable(redeemed, request, cx)
  await useOnce(assertion, client.client_id, { cx, until })
  return userTokens(redeemed, request, cx)
}
