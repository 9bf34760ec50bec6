/** What is asked for again and again. Test suites with many processes do so rightly: none of this is more than information. */
import { fingerprint, Rate, Recent } from '../recent.ts'
import type { Rule, Watch } from '../rule.ts'

const MINUTE = 60_000
/** Some processes may ask, each for itself. */
const FIFTH = 5

/** What a token is for. */
const WANTED = ['scope', 'audience', 'resource'] as const

/** A token that could have been used instead of asking again. */
interface Fresh {
  readonly since: number
  /** When half of its life is over. */
  readonly until: number
  times: number
}

export const tokenNotCached: Rule = {
  id: 'token_not_cached',
  severity: 'info',
  title: 'a new token although the last one is still good',
  explanation: 'A token for each call makes every call slower, and real providers limit how many they issue.',
  fix: 'Keep the token until shortly before expires_in is over, for each scope and audience.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1',
  at: ['token'],
  watch() {
    const tokens = new Recent<Fresh>()
    return (seen) => {
      if (seen.param('grant_type') !== 'client_credentials' || !seen.isGranted) return undefined
      const { params, at, client_id } = seen
      const key = [client_id, ...WANTED.map((name) => params.get(name)?.join('\n'))].join('\0')
      const last = tokens.get(key)
      if (last === undefined || at < last.since || at >= last.until) {
        tokens.set(key, { since: at, until: at + Number(seen.answered('expires_in')) * 500, times: 1 })
        return undefined
      }
      last.times += 1
      if (last.times < FIFTH) return undefined
      return 'a fifth token for the same scope and audience was asked for while the first had most of its life before it'
    }
  },
}

const MANY = 20

/** Whoever asks whether a document has changed keeps a copy of it. */
function fetchedOften(what: string): () => Watch {
  return () => {
    const rate = new Rate(MINUTE)
    return (seen) => {
      if (seen.transaction.response.status !== 200 || seen.header('if-none-match') !== undefined)
        return undefined
      const caller = fingerprint(`${seen.cx.ip} ${seen.header('user-agent')}`)
      return rate.count(caller, seen.at) > MANY
        ? `${what} was fetched more than ${MANY} times in a minute by the same caller`
        : undefined
    }
  }
}

export const jwksNotCached: Rule = {
  id: 'jwks_not_cached',
  severity: 'info',
  title: 'the keys fetched for each token',
  explanation:
    'Each call waits for the provider then, and stops with it; real providers limit how often keys are fetched.',
  fix: 'Keep the keys, and fetch them again when a token has an unknown kid, at most every half minute.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#RotateSigningKeys',
  at: ['jwks'],
  watch: fetchedOften('the JWKS'),
}

export const discoveryNotCached: Rule = {
  id: 'discovery_not_cached',
  severity: 'info',
  title: 'the metadata fetched for each call',
  explanation:
    'Each call waits for the provider then; metadata changes about as often as configuration does.',
  fix: 'Discover once when the process starts, and share what was found.',
  see: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest',
  at: ['discovery'],
  watch: fetchedOften('the metadata'),
}

const OFTEN = 10

export const introspectionNotCached: Rule = {
  id: 'introspection_not_cached',
  severity: 'info',
  title: 'one token introspected for each call',
  explanation:
    'Each call waits for the provider then. A JWT access token can be verified without asking at all.',
  fix: 'Keep the answer for some seconds, as short as a revocation may take to show; or verify JWTs with the keys.',
  see: 'https://www.rfc-editor.org/rfc/rfc7662.html#section-4',
  at: ['introspection'],
  watch() {
    const rate = new Rate(MINUTE)
    return (seen) => {
      const token = seen.isGranted ? seen.param('token') : undefined
      if (token === undefined || rate.count(fingerprint(token), seen.at) <= OFTEN) return undefined
      return `the same token was introspected more than ${OFTEN} times in a minute`
    }
  },
}
