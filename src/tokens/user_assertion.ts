import { decodeProtectedHeader } from 'jose'
import type { ClientConfig, Context } from '../context.ts'
import { because, OAuthError, oneOf, shown } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'
import { accountOf } from '../users/home.ts'
import type { Login } from '../users/login.ts'
import { isOwnIssuer, ownClaims } from './own_jwt.ts'
import { type LiveToken, verifyAccessToken } from './verify.ts'

/**
 * Who the user is of an access token that the client was called with: one of this tenant, live, for the client itself.
 * @throws OAuthError grant_assertion.*
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function verifyUserAssertion(text: string, client: ClientConfig, cx: Context): Promise<Login> {
  const live = await verifyAccessToken(text, cx).catch(async (error: unknown) => {
    if (!(error instanceof OAuthError)) throw error
    throw because(error, await reasonFor(error, text, cx), `assertion is refused: ${error.message}`)
  })
  assertForClient(live, client, cx)
  return loginOf(live, cx)
}

/** A token can be wrong in ways that all are invalid to an API. */
async function reasonFor({ reason }: OAuthError, text: string, cx: Context): Promise<Reason> {
  if (reason === 'token.expired') return 'grant_assertion.expired'
  if (reason === 'token.revoked') return 'grant_assertion.revoked'
  const header = headerOf(text)
  if (header === undefined) return 'grant_assertion.malformed'
  const claims = await ownClaims(text, { types: new Set([header.typ]) }, cx).catch(() => undefined)
  if (claims === undefined) return 'grant_assertion.signature'
  return isOwnIssuer(claims['iss'], cx) ? 'grant_assertion.no_user' : 'grant_assertion.issuer'
}

function headerOf(text: string): { readonly typ?: string } | undefined {
  try {
    return decodeProtectedHeader(text)
  } catch {
    return undefined
  }
}

/** MUST be for the client that shows it: by its client_id, or as the API that it is. */
function assertForClient({ claims }: LiveToken, { client_id }: ClientConfig, cx: Context): void {
  const uri = `api://${client_id}`
  const { resources } = cx.tenant.registry
  const own = [client_id, uri].flatMap((name) => resources.get(name) ?? [])
  const names = own.flatMap(({ identifier, id }) => [identifier, id ?? identifier])
  const accepted = [...new Set([client_id, uri, ...names])]
  const aud = ([] as unknown[]).concat(claims['aud'] ?? [])
  if (aud.some((each) => accepted.includes(String(each)))) return
  throw new OAuthError(
    'grant_assertion.aud',
    `aud of assertion is ${shown(claims['aud'] ?? 'missing')}, client ${client_id} is ${oneOf(accepted)}; send the token that the client itself was called with, and give the resource of the client its client_id as id`,
  )
}

/** A token that was made without a flow tells its user by the claims. */
function loginOf({ claims, grant }: LiveToken, cx: Context): Login {
  if (grant !== undefined) {
    const { sid: _browser, ...login } = grant.login
    return login
  }
  const { subjects } = cx.tenant.registry
  const user = subjects.get(String(claims['oid'])) ?? subjects.get(String(claims['sub']))
  if (user !== undefined) return { ...accountOf(user.username, cx), auth_time: cx.tenant.clock.seconds() }
  throw new OAuthError(
    'grant_assertion.no_user',
    'assertion is the token of a client, which acts for no user; a client gets one for itself by client_credentials',
  )
}
