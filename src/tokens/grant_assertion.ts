import { verifiesWithSecret, verifyWithClientKeys } from '../client_keys/verify.ts'
import type { ClientConfig, Context } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { subjectFor } from '../users/subject.ts'
import { hintedName } from '../users/user.ts'
import { type Assertion, type AssertionUse, assertAudience, assertTimes, missingClaim } from './assertion.ts'

/** @see https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1 */
export const GRANT_ASSERTION: AssertionUse = { name: 'assertion', reasons: 'grant_assertion' }

const BLAME = {
  what: 'assertion',
  noKey: 'grant_assertion.no_key',
  signature: 'grant_assertion.signature',
} as const

/**
 * Verifies what a client signed about a user: that it is the client's, for this server, in time, about somebody here.
 * @throws OAuthError grant_assertion.*
 * @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3
 */
export async function verifyGrantAssertion(
  assertion: Assertion,
  client: ClientConfig,
  cx: Context,
): Promise<{ readonly username: string; readonly until: number }> {
  await verifySignature(assertion, client, cx)
  assertIssuer(assertion, client)
  assertAudience(assertion, cx)
  const until = assertTimes(assertion, cx)
  return { username: subjectOf(assertion, client, cx), until }
}

async function verifySignature(assertion: Assertion, client: ClientConfig, cx: Context): Promise<void> {
  const { alg, text } = assertion
  if (alg === 'none')
    throw new OAuthError(
      'grant_assertion.alg',
      'assertion is not signed (alg none); sign it with the registered key',
    )
  if (!alg.startsWith('HS')) return verifyWithClientKeys(assertion, client, { cx, blame: BLAME })
  if (await verifiesWithSecret(text, client)) return
  throw new OAuthError(
    'grant_assertion.signature',
    `the ${alg} signature of assertion is not by the secret of client ${client.client_id}; sign with that, or with its registered private key`,
  )
}

/** Nobody but a client is known here as one who vouches for users. */
function assertIssuer({ claims: { iss } }: Assertion, { client_id }: ClientConfig): void {
  if (iss === client_id) return
  throw new OAuthError(
    'grant_assertion.issuer',
    `iss of assertion is ${iss === undefined ? 'missing' : shown(iss)}, expected the client_id ${client_id}, whose key signed it`,
  )
}

/** The user whom `sub` names: as they sign in, or by the subject that tokens show. */
function subjectOf(assertion: Assertion, client: ClientConfig, cx: Context): string {
  const { sub } = assertion.claims
  if (sub === undefined) missingClaim(assertion, 'sub', cx)
  const isName = typeof sub === 'string' && sub !== ''
  const known = isName ? (hintedName(sub, cx) ?? pairwise(sub, client, cx)) : undefined
  if (known !== undefined) return known
  throw new OAuthError(
    'grant_assertion.subject',
    `sub of assertion is ${sub === undefined ? 'missing' : shown(sub)}, expected the username or sub of a user of tenant ${cx.tenant.name}; add one under users`,
  )
}

function pairwise(sub: string, client: ClientConfig, cx: Context): string | undefined {
  const users = [...cx.tenant.registry.users.values()]
  return users.find((user) => subjectFor(user, client, cx) === sub)?.username
}
