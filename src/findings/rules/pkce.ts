/** Whether a code is of use only to the client that asked for it. */
import { asking, hasWord } from '../asking.ts'
import { fingerprint, Repeats } from '../recent.ts'
import { always, type Rule, refused } from '../rule.ts'
import type { Seen } from '../seen.ts'

const SEE = 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1'
const S256 =
  'Send code_challenge and code_challenge_method=S256, and the code_verifier with the code; most libraries do with one setting.'

type Lacks = 'must' | 'nothing' | 'nonce'

/** What a request for a code without code_challenge lacks: what it must have, or what another way replaces. */
const unchallenged = (lacks: Lacks, text: string) =>
  always(asking((seen) => (lackOf(seen) === lacks ? text : undefined)))

function lackOf(seen: Seen): Lacks | undefined {
  if (!hasWord(seen, 'response_type', 'code') || seen.param('code_challenge') !== undefined) return undefined
  if (seen.reason === 'pkce.missing' || seen.isPublic) return 'must'
  return seen.param('nonce') !== undefined && hasWord(seen, 'scope', 'openid') ? 'nonce' : 'nothing'
}

export const pkceMissing: Rule = {
  id: 'pkce_missing',
  severity: 'error',
  title: 'a client that must use PKCE does not',
  explanation: 'Without PKCE whoever gets hold of the code of a public client gets its tokens.',
  fix: S256,
  see: SEE,
  at: ['authorization'],
  check: 'pkce',
  watch: unchallenged('must', 'an authorization request had no code_challenge'),
}

export const pkceNotUsed: Rule = {
  id: 'pkce_not_used',
  severity: 'warning',
  title: 'a confidential client uses neither PKCE nor a nonce',
  explanation:
    'A code that was stolen from one user can be injected into the login of another, and the client redeems it with its own secret.',
  fix: S256,
  see: SEE,
  at: ['authorization'],
  watch: unchallenged('nothing', 'an authorization request had no code_challenge and no nonce'),
}

export const pkceLeftToNonce: Rule = {
  id: 'pkce_left_to_nonce',
  severity: 'info',
  title: 'a nonce instead of PKCE',
  explanation:
    'A confidential client may rely on the nonce of OpenID Connect, provided that it compares it before it uses any token.',
  fix: S256,
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.5.3',
  at: ['authorization'],
  watch: unchallenged('nonce', 'an authorization request had a nonce and no code_challenge'),
}

export const pkcePlain: Rule = {
  id: 'pkce_plain',
  severity: 'warning',
  title: 'PKCE by plain',
  explanation:
    'With plain the challenge is the verifier: who sees the authorization request can redeem the code.',
  fix: 'Send code_challenge_method=S256 and BASE64URL(SHA256(code_verifier)) as code_challenge.',
  see: 'https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      const method = seen.param('code_challenge_method') ?? 'plain'
      if (seen.param('code_challenge') === undefined || method !== 'plain') return undefined
      const sent =
        seen.param('code_challenge_method') === undefined ? 'is missing, which means plain' : 'is plain'
      return `code_challenge_method ${sent}`
    }),
  ),
}

export const codeChallengeReused: Rule = {
  id: 'code_challenge_reused',
  severity: 'error',
  title: 'the same code_challenge in several requests',
  explanation:
    'PKCE protects a login only if its verifier is new: a code that was stolen from one login can be injected into another with the same challenge.',
  fix: 'Make a new code_verifier for each authorization request; none in a constant, a configuration or a singleton.',
  see: SEE,
  at: ['authorization'],
  watch() {
    const repeats = new Repeats()
    return asking((seen) => {
      const challenge = seen.param('code_challenge')
      if (challenge === undefined) return undefined
      const beside = `${seen.param('state')} ${seen.param('nonce')}`
      const again = repeats.came(`${seen.client_id} ${fingerprint(challenge)}`, fingerprint(beside))
      return again && 'several authorization requests had the same code_challenge'
    })
  },
}

export const pkceUnusable: Rule = {
  id: 'pkce_unusable',
  severity: 'error',
  title: 'a code_challenge that no provider takes',
  explanation: 'A challenge by an unknown method, or of wrong characters, is refused and protects nothing.',
  fix: 'Send code_challenge_method=S256 and 43 characters of base64url without padding.',
  see: 'https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2',
  at: ['authorization'],
  refusals: ['pkce.method', 'pkce.malformed'],
  watch: refused,
}
