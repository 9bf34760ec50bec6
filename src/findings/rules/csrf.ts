/** Whether an answer can be told from one that an attacker sent the user. */
import { asking, protection } from '../asking.ts'
import { FEW_BITS, fingerprint, isGuessable, Repeats } from '../recent.ts'
import { always, type Rule } from '../rule.ts'

const SEE = 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1'

export const stateMissing: Rule = {
  id: 'state_missing',
  severity: 'error',
  title: 'nothing ties the answer to the request',
  explanation:
    'Without state, PKCE or a nonce an attacker can send a user to the callback with a code of their own, and the user works in the account of the attacker.',
  fix: 'Send code_challenge (S256), or a new random state, and compare what comes back with what this browser was given.',
  see: SEE,
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      if (seen.param('state') !== undefined || protection(seen) !== undefined) return undefined
      return 'an authorization request had no state, no code_challenge and no nonce'
    }),
  ),
}

export const stateLeftOut: Rule = {
  id: 'state_left_out',
  severity: 'info',
  title: 'no state; PKCE or the nonce takes its place',
  explanation:
    'That is allowed: both tie the answer to the request, as long as code_verifier or nonce are kept for this very browser and the nonce is compared.',
  fix: 'Nothing, if the client does so; a random state shows mistakes earlier and costs nothing.',
  see: SEE,
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      const instead = protection(seen)
      if (seen.param('state') !== undefined || instead === undefined) return undefined
      return `an authorization request had no state; its ${instead} takes its place`
    }),
  ),
}

export const stateReused: Rule = {
  id: 'state_reused',
  severity: 'error',
  title: 'the same state again, and nothing else that changes',
  explanation:
    'A state that is known beforehand protects nobody: an attacker can send it along with a code of their own.',
  fix: 'Draw a new random state for each request, keep it for that browser, and accept it once.',
  see: SEE,
  at: ['authorization'],
  watch() {
    const repeats = new Repeats()
    return asking((seen) => {
      const state = seen.param('state')
      if (state === undefined || protection(seen) !== undefined) return undefined
      const again = repeats.came(`${seen.client_id} ${fingerprint(state)}`, '')
      return again && 'authorization requests without code_challenge and nonce had the same state three times'
    })
  },
}

export const stateRepeated: Rule = {
  id: 'state_repeated',
  severity: 'info',
  title: 'the same state in different requests',
  explanation:
    'PKCE or the nonce protects these requests, so state may carry what the application likes; it does not protect them as well.',
  fix: 'Nothing, if state is only what the application wants back; else draw a new one for each request.',
  see: SEE,
  at: ['authorization'],
  watch() {
    const repeats = new Repeats()
    return asking((seen) => {
      const [state, instead] = [seen.param('state'), protection(seen)]
      if (state === undefined || instead === undefined) return undefined
      const again = repeats.came(`${seen.client_id} ${fingerprint(state)}`, seen.param(instead) ?? '')
      return again === 'with others' ? `two requests had the same state, each another ${instead}` : undefined
    })
  },
}

export const stateWeak: Rule = {
  id: 'state_weak',
  severity: 'warning',
  title: 'a state that can be guessed',
  explanation: 'Where only state ties the answer to the request, whoever guesses it can forge the answer.',
  fix: 'Make state of at least 16 random bytes, which are 22 characters of base64url.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      const state = seen.param('state')
      if (state === undefined || protection(seen) !== undefined || !isGuessable(state, FEW_BITS))
        return undefined
      return `state has ${state.length} characters that can hardly be random, and nothing else protects the request`
    }),
  ),
}
