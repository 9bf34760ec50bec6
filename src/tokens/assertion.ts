/** JWTs that somebody signs for this server: what RFC 7523 §3 demands of each, be it a client's proof or its grant. */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type Context, enforce } from '../context.ts'
import { because, OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { ownAddresses } from './own_addresses.ts'

/** What it is for: how refusals call it, and which reasons they give. */
export interface AssertionUse {
  readonly name: 'client_assertion' | 'assertion'
  readonly reasons: 'assertion' | 'grant_assertion'
}

type Mistake = 'malformed' | 'aud' | 'expired' | 'not_yet_valid' | 'claim_missing' | 'replayed'

/** An assertion as it came, not verified yet. */
export interface Assertion {
  readonly use: AssertionUse
  readonly text: string
  readonly alg: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Clocks differ: this much is forgiven. */
const SKEW_SECONDS = 60
const SKEW_SECONDS_TOLERANT = 300

/** @throws OAuthError *.malformed */
export function decodeAssertion(text: string, use: AssertionUse): Assertion {
  try {
    const header = decodeProtectedHeader(text)
    return { use, text, header, claims: decodeJwt(text), alg: textOf(header.alg) }
  } catch (cause) {
    const why = `${use.name} is not a JWT: ${(cause as Error).message}; expected three base64url parts`
    throw because(cause, `${use.reasons}.malformed`, why)
  }
}

/** What is no text is shown as it came. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : shown(value)
}

function refused({ use }: Pick<Assertion, 'use'>, mistake: Mistake, why: string, detail = {}): OAuthError {
  return new OAuthError(`${use.reasons}.${mistake}`, why, { detail })
}

/** MUST name this server: its issuer or the URL of the endpoint, RFC 7523 §3. */
export function assertAudience(assertion: Assertion, cx: Context): void {
  const { use, claims } = assertion
  const aud = audienceOf(assertion)
  const { accepted, shown: own } = ownAddresses(cx)
  // Where tenants are found in any letter case, clients write their paths in any.
  const same = (text: string) => (cx.tenant.dialect.tenantIsGuid ? text.toLowerCase() : text)
  if (aud.some((value) => accepted.some((each) => same(each) === same(value)))) return
  const why = `aud of ${use.name} is ${shown(claims['aud'] ?? 'missing')}, expected ${oneOf(own)}`
  enforce('client_assertion', refused(assertion, 'aud', why, { came: aud, expected: own }), cx)
}

/** Each one of `aud`, which is text or a list. */
export function audienceOf({ claims }: Pick<Assertion, 'claims'>): string[] {
  return ([] as unknown[]).concat(claims['aud'] ?? []).map(textOf)
}

/** When it is valid; gives the second from which it need not be remembered. */
export function assertTimes(assertion: Assertion, cx: Context): number {
  const { name } = assertion.use
  const now = cx.tenant.clock.seconds()
  const skew = cx.tenant.dialect.assertionDates === 'number' ? SKEW_SECONDS : SKEW_SECONDS_TOLERANT
  const exp = numericDate(assertion, 'exp', cx)
  const nbf = numericDate(assertion, 'nbf', cx)
  if (exp === undefined) missingClaim(assertion, 'exp', cx)
  else if (exp <= now - skew) {
    const why = `${name} expired at ${exp}, it is ${now} now; make a new one for each request`
    enforce('client_assertion', refused(assertion, 'expired', why), cx)
  }
  if (nbf !== undefined && nbf > now + skew) {
    const why = `${name} is valid from ${nbf}, it is ${now} now; compare the clocks`
    enforce('client_assertion', refused(assertion, 'not_yet_valid', why), cx)
  }
  return Math.max(exp ?? 0, now) + skew
}

/** A NumericDate; some Microsoft libraries write it as a string. @see https://www.rfc-editor.org/rfc/rfc7519.html#section-2 */
function numericDate(assertion: Assertion, claim: 'exp' | 'nbf', cx: Context): number | undefined {
  const value = assertion.claims[claim]
  const tolerant = cx.tenant.dialect.assertionDates === 'number or string'
  const date = tolerant && typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (date === undefined || (typeof date === 'number' && Number.isFinite(date))) return date
  const why = `${claim} of ${assertion.use.name} is ${shown(value)}, expected a number of seconds since 1970`
  throw refused(assertion, 'malformed', why)
}

/** Refuses it for a claim that it has not. */
export function missingClaim(assertion: Assertion, claim: string, cx: Context): void {
  const { use } = assertion
  const who = use.name === 'assertion' ? 'RFC 7523 section 3' : 'OpenID Connect Core section 9'
  const why = `${use.name} has no ${claim}, which ${who} requires`
  enforce('client_assertion', refused(assertion, 'claim_missing', why, { claim }), cx)
}

/** Uses the `jti` up. A grant need not have one, the proof of a client must. @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3 */
export async function useOnce(
  assertion: Assertion,
  client_id: string,
  { cx, until }: { readonly cx: Context; readonly until: number },
): Promise<void> {
  const { use, claims } = assertion
  const { jti } = claims
  if (jti === undefined && use.name === 'assertion') return
  if (typeof jti !== 'string' || jti === '') return missingClaim(assertion, 'jti', cx)
  if (await cx.tenant.store.add('assertion_jti', `${client_id} ${jti}`, true, until)) return
  const why = `${use.name} with jti ${shown(jti)} was used before; make a new one with a new jti for each request`
  enforce('assertion_replay', refused(assertion, 'replayed', why), cx)
}
