/** Whether the code_verifier is new, and that of the request. */
import { fingerprint, isGuessable, Recent } from '../recent.ts'
import { always, type Rule, type Verdict } from '../rule.ts'

export const codeVerifierReused: Rule = {
  id: 'code_verifier_reused',
  severity: 'error',
  title: 'the same code_verifier for several codes',
  explanation:
    'A verifier that comes again is known to whoever saw it once, and PKCE protects nothing any more.',
  fix: 'Make a new code_verifier for each authorization request, and forget it with the code.',
  see: 'https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1',
  at: ['token'],
  watch() {
    const codes = new Recent<string>()
    return (seen) => {
      const [verifier, code] = [seen.param('code_verifier'), seen.param('code')]
      if (verifier === undefined || code === undefined) return undefined
      const [key, came] = [`${seen.client_id} ${fingerprint(verifier)}`, fingerprint(code)]
      const before = codes.get(key)
      codes.set(key, came)
      return before === undefined || before === came ? undefined : 'one code_verifier came with several codes'
    }
  },
}

/** Of the RFC; who copies the code of the example copies the value. */
const EXAMPLE = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

export const codeVerifierWeak: Rule = {
  id: 'code_verifier_weak',
  severity: 'warning',
  title: 'a code_verifier that can be guessed',
  explanation: 'Who guesses the verifier can redeem the code as if there were no PKCE.',
  fix: 'Make the verifier of 32 random bytes in base64url, which are 43 characters.',
  see: 'https://www.rfc-editor.org/rfc/rfc7636.html#section-7.1',
  at: ['token'],
  watch: always((seen): Verdict => {
    const verifier = seen.param('code_verifier')
    if (verifier === undefined) return undefined
    if (verifier === EXAMPLE) return 'code_verifier is the example of RFC 7636'
    return isGuessable(verifier, 128) ? 'code_verifier consists of very few different characters' : undefined
  }),
}

const mismatch = (isDowngrade: boolean) =>
  always((seen) => {
    const came = seen.param('code_verifier') !== undefined && seen.flow?.isChallenged === false
    return came === isDowngrade ? seen.transaction.exchange.description : undefined
  })

export const pkceMismatch: Rule = {
  id: 'pkce_mismatch',
  severity: 'error',
  title: 'code_verifier is missing or does not fit',
  explanation:
    'The code was not asked for by whoever redeems it, as far as PKCE tells; a provider refuses it, and logs an attack.',
  fix: 'Keep the verifier for the browser that was sent off, and send that very one with the code.',
  see: 'https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6',
  at: ['token'],
  refusals: ['pkce.mismatch'],
  watch: mismatch(false),
}

export const pkceDowngrade: Rule = {
  id: 'pkce_downgrade',
  severity: 'error',
  title: 'code_verifier for a code without a challenge',
  explanation:
    'A verifier without a challenge is what a provider sees when an attacker took the challenge out of the request; it must refuse.',
  fix: 'Send code_challenge with the authorization request that the verifier belongs to.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.8.2',
  at: ['token'],
  refusals: ['pkce.mismatch'],
  watch: mismatch(true),
}
