/** passport-azure-ad, called as Passport calls a strategy. */
import { BearerStrategy, OIDCStrategy } from 'passport-azure-ad'

/** With nothing in the log, and the reasons of refusals in full. */
const QUIET = { loggingLevel: 'fatal', loggingNoPII: false }

/** What a strategy makes of a request: who came, where to send them, or why not. */
function authenticate(strategy, request) {
  return new Promise((resolve) => {
    const run = Object.create(strategy)
    run.success = (user, info) => resolve({ user, info })
    run.fail = (challenge, status) => resolve({ challenge, status })
    run.redirect = (url) => resolve({ redirect: url })
    run.error = (error) => resolve({ error: error.message })
    run.authenticate({ headers: {}, query: {}, body: {}, ...request }, {})
  })
}

/** An API that is sent each of these tokens. */
export async function bearer({ options, tokens }) {
  const strategy = new BearerStrategy({ ...QUIET, ...options }, (claims, done) => done(null, claims))
  const outcomes = []
  for (const token of tokens)
    outcomes.push(await authenticate(strategy, { headers: { authorization: `Bearer ${token}` } }))
  return outcomes
}

/** An application that a user signs in to. */
export async function signIn({ options }, ask) {
  const verify = (profile, done) => done(null, profile)
  const strategy = new OIDCStrategy({ ...QUIET, ...options }, verify)
  const session = {}
  const away = await authenticate(strategy, { session })
  if (away.redirect === undefined) return away
  const body = await ask('signIn', away.redirect)
  return await authenticate(strategy, { session, method: 'POST', body })
}
