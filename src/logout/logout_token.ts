import { type Context, facts } from '../context.ts'
import { membersOf } from '../protocol/json.ts'
import { encryptTo } from '../tokens/encryption.ts'
import { idTokenAlg } from '../tokens/id_token.ts'
import { issueJwt } from '../tokens/jwt.ts'
import { homeOf } from '../users/home.ts'
import { subjectFor } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import type { Party } from './party.ts'

const LIFETIME = 120

/** The event that makes a JWT a logout token; its value SHOULD be an empty object. */
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} } as const

/**
 * Tells one client that a session has ended, signed and encrypted like its ID tokens, never with a nonce.
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken
 */
export async function issueLogoutToken({ client, session, iss }: Party, here: Context): Promise<string> {
  const cx = homeOf(session.login, here)
  const iat = cx.tenant.clock.seconds()
  const exp = iat + LIFETIME
  const { sid, login } = session
  const user = userOf(login, cx)
  const sub = subjectFor(user, client, cx)
  const jti = cx.tenant.random.token(32)
  const named = client.backchannel_logout_session_required ? { sid } : {}
  const claims = membersOf({ iss, sub, aud: client.client_id, iat, exp, jti, events: EVENTS, ...named })
  const known = { kind: 'logout_token', iat, exp, jti, sub, client, user, login }
  const alg = signingAlg(client, cx)
  const { text } = await issueJwt({ claims, typ: 'logout+jwt', alg, client, facts: facts(cx, known) }, cx)
  const { id_token_encrypted_response_alg, id_token_encrypted_response_enc: enc } = client
  if (id_token_encrypted_response_alg === undefined) return text
  return encryptTo(client, text, { alg: id_token_encrypted_response_alg, enc, cty: 'JWT' }, cx)
}

/** MUST be signed, also for a client whose ID tokens are not, §2.4. */
function signingAlg(client: Party['client'], cx: Context): string {
  const isUnsigned = client.id_token_signed_response_alg === 'none'
  return idTokenAlg(isUnsigned ? { ...client, id_token_signed_response_alg: undefined } : client, cx)
}
