/** Whether an ID token can be told from one that was issued for another login. */
import { asking, hasWord } from '../asking.ts'
import { FEW_BITS, fingerprint, isGuessable, Repeats } from '../recent.ts'
import { always, type Rule, refused } from '../rule.ts'

const NOTES = 'https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes'

export const nonceMissing: Rule = {
  id: 'nonce_missing',
  severity: 'error',
  title: 'no nonce where the ID token comes through the browser',
  explanation: 'Without a nonce an ID token that was stolen elsewhere can be put into this login.',
  fix: 'Send a new random nonce with each request, and compare it with the nonce of the ID token.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest',
  at: ['authorization'],
  refusals: ['nonce.missing'],
  watch: refused,
}

export const nonceReused: Rule = {
  id: 'nonce_reused',
  severity: 'error',
  title: 'the same nonce in several requests',
  explanation:
    'The nonce has to belong to one login; one that comes again does not tell the ID token of this login from an older one.',
  fix: 'Draw a new random nonce for each request, keep it for that browser, and accept it once.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1',
  at: ['authorization'],
  watch() {
    const repeats = new Repeats()
    return asking((seen) => {
      const nonce = seen.param('nonce')
      if (nonce === undefined) return undefined
      const beside = `${seen.param('state')} ${seen.param('code_challenge')}`
      const again = repeats.came(`${seen.client_id} ${fingerprint(nonce)}`, fingerprint(beside))
      return again && 'several authorization requests had the same nonce'
    })
  },
}

export const nonceWeak: Rule = {
  id: 'nonce_weak',
  severity: 'warning',
  title: 'a nonce that can be guessed',
  explanation: 'Whoever guesses the nonce can prepare an ID token that fits.',
  fix: 'Make the nonce of at least 16 random bytes, which are 22 characters of base64url.',
  see: NOTES,
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      const nonce = seen.param('nonce')
      if (nonce === undefined || !isGuessable(nonce, FEW_BITS)) return undefined
      return `nonce has ${nonce.length} characters that can hardly be random`
    }),
  ),
}

export const nonceWithoutOpenid: Rule = {
  id: 'nonce_without_openid',
  severity: 'warning',
  title: 'a nonce, but no openid in the scope',
  explanation: 'Without openid no ID token comes, so there is nothing to compare the nonce with.',
  fix: 'Add openid to the scope, or leave the nonce out.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      if (seen.param('nonce') === undefined || hasWord(seen, 'scope', 'openid')) return undefined
      if (seen.cx.tenant.dialect.defaultScopes.includes('openid')) return undefined
      return 'an authorization request had a nonce, and no openid in its scope'
    }),
  ),
}
