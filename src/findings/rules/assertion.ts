/** The JWTs that clients authenticate with. @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3 */
import { issuerOf } from '../../context.ts'
import { shown } from '../../protocol/errors.ts'
import { urlOf } from '../../protocol/url.ts'
import type { ClientAssertion } from '../jwt.ts'
import { always, BACK_CHANNEL, type Rule, refused, type Verdict } from '../rule.ts'
import type { Seen } from '../seen.ts'

const SEE = 'https://www.rfc-editor.org/rfc/rfc7523.html#section-3'

/** Looks at the assertions that clients make themselves: of others the client is not to blame. */
const ofClient = (look: (assertion: ClientAssertion, seen: Seen) => Verdict) =>
  always((seen) => {
    const { assertion } = seen
    const isOwn = assertion !== undefined && assertion.claims['iss'] === seen.client_id
    return isOwn ? look(assertion, seen) : undefined
  })

export const assertionAudienceWrong: Rule = {
  id: 'assertion_audience_wrong',
  severity: 'error',
  title: 'an assertion for another server',
  explanation:
    'An assertion that names another server may have been taken there to be used here; it must be refused.',
  fix: 'Make aud the issuer of the provider that the assertion is sent to.',
  see: SEE,
  at: BACK_CHANNEL,
  refusals: ['assertion.aud'],
  watch: refused,
}

export const assertionAudienceForeign: Rule = {
  id: 'assertion_audience_foreign',
  severity: 'warning',
  title: 'an assertion that other servers take as well',
  explanation: 'Each server in aud can use the assertion at the others, and be the client there.',
  fix: 'Make a new assertion for each server, with its issuer as the only aud.',
  see: SEE,
  at: BACK_CHANNEL,
  watch: ofClient(({ audience }, seen) => {
    const foreign = audience.length > 1 ? audience.find((each) => !isHere(each, seen)) : undefined
    return foreign === undefined
      ? undefined
      : `aud of client_assertion has ${shown(foreign)} beside this server`
  }),
}

/** Whether it may be a name of this provider: that it is one was checked. */
function isHere(audience: unknown, { cx: { bases } }: Seen): boolean {
  const origin = typeof audience === 'string' ? urlOf(audience)?.origin : undefined
  const own = [bases.issuer, bases.caller, bases.front, bases.mtls, ...(bases.homes ?? [])]
  return origin !== undefined && own.some((base) => base !== undefined && urlOf(base)?.origin === origin)
}

export const assertionAudienceNotIssuer: Rule = {
  id: 'assertion_audience_not_issuer',
  severity: 'info',
  title: 'an assertion whose aud is not just the issuer',
  explanation:
    'The URL of an endpoint may stand in aud too, but what a server announces as its endpoint can be that of another; the issuer cannot be confused.',
  fix: 'Make aud the issuer, as one string, if the real provider takes it.',
  see: SEE,
  at: BACK_CHANNEL,
  watch: ofClient(({ audience }, seen) => {
    // Other providers say which value they want, and it is not always the issuer.
    if (seen.cx.tenant.dialect.name !== 'standard' || seen.reason !== undefined) return undefined
    const [only, another] = audience
    return another === undefined && only === issuerOf(seen.cx)
      ? undefined
      : `aud of client_assertion is ${shown(another === undefined ? only : audience)}`
  }),
}

export const assertionReplayed: Rule = {
  id: 'assertion_replayed',
  severity: 'error',
  title: 'the same assertion twice',
  explanation: 'Who sees an assertion could use it again; a provider refuses the second time.',
  fix: 'Make a new assertion with a new jti for each request.',
  see: SEE,
  at: BACK_CHANNEL,
  refusals: ['assertion.replayed'],
  watch: refused,
}

export const assertionJtiMissing: Rule = {
  id: 'assertion_jti_missing',
  severity: 'error',
  title: 'an assertion without jti',
  explanation: 'Without an identifier nobody can tell that an assertion is used again.',
  fix: 'Give each assertion a new random jti.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication',
  at: BACK_CHANNEL,
  check: 'client_assertion',
  watch: ofClient(({ claims }) => (claims['jti'] === undefined ? 'client_assertion had no jti' : undefined)),
}

const HOUR = 3600

export const assertionLifetime: Rule = {
  id: 'assertion_lifetime',
  severity: 'warning',
  title: 'an assertion that lives for more than an hour',
  explanation: 'An assertion is as good as a secret until it expires; providers refuse those that live long.',
  fix: 'Let it expire after a minute or a few: it is used at once.',
  see: SEE,
  at: BACK_CHANNEL,
  watch: ofClient(({ claims: { exp, iat, nbf } }, { at }) => {
    const begins = [iat, nbf, at / 1000].find((each) => typeof each === 'number') as number
    const lifetime = typeof exp === 'number' ? exp - begins : 0
    return lifetime > HOUR ? `client_assertion lives for ${Math.round(lifetime / 60)} minutes` : undefined
  }),
}

export const assertionSymmetric: Rule = {
  id: 'assertion_symmetric',
  severity: 'info',
  title: 'an assertion signed with the client secret',
  explanation:
    'The provider holds the same secret, so both have to keep it; of a private key only the client knows.',
  fix: 'Use private_key_jwt with a key pair of the client.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.5',
  at: BACK_CHANNEL,
  watch: ofClient(({ header: { alg } }) =>
    typeof alg === 'string' && alg.startsWith('HS')
      ? `client_assertion is signed with ${shown(alg)}`
      : undefined,
  ),
}
