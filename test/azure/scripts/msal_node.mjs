/** @azure/msal-node, the newest and the newest of earlier major versions, as applications call it: step by step. */
import { withoutDelay } from './delays.mjs'

const LIBRARIES = {
  1: () => import('msal-node-v1'),
  2: () => import('msal-node-v2'),
  3: () => import('msal-node-v3'),
  5: () => import('msal-node-v5'),
  6: () => import('msal-node-v6'),
  7: () => import('@azure/msal-node'),
}

async function library(version) {
  const module = await LIBRARIES[version]()
  return module.default ?? module
}

/** What an application does by more than one call. */
const STEPS = {
  /** Sends the user to sign in, and redeems what comes back. */
  async login({ app, msal, ask, memory }, { redeem = {}, ...request }) {
    const { verifier, challenge } = await new msal.CryptoProvider().generatePkceCodes()
    const usual = { responseMode: 'form_post', state: 'the state', nonce: 'the nonce', ...request }
    const url = await app.getAuthCodeUrl({ ...usual, codeChallenge: challenge, codeChallengeMethod: 'S256' })
    const answer = await ask('signIn', url)
    const { scopes, redirectUri, state, nonce } = usual
    const asked = { scopes, redirectUri, state, nonce, code: answer.code, codeVerifier: verifier, ...redeem }
    memory.code = asked
    return await app.acquireTokenByCode(asked, answer)
  },
  /** Opens the user's browser, which comes back to a port of this machine. */
  async interactive({ app, ask }, request) {
    const openBrowser = async (url) => {
      const answer = new URLSearchParams(await ask('signIn', url))
      const { redirect_uri, response_mode } = Object.fromEntries(new URL(url).searchParams)
      if (response_mode === 'form_post') await fetch(redirect_uri, { method: 'POST', body: answer })
      else await fetch(`${redirect_uri}?${answer}`)
    }
    return await app.acquireTokenInteractive({ ...request, openBrowser })
  },
  /** Redeems the code of the last login once more. */
  redeem: ({ app, memory }, more) => app.acquireTokenByCode({ ...memory.code, ...more }),
  /** The code is shown to the user, who follows while the library polls. */
  async device({ app, ask }, request) {
    const seen = {}
    const deviceCodeCallback = (response) => Object.assign(seen, response)
    return await withoutDelay(
      () => app.acquireTokenByDeviceCode({ ...request, deviceCodeCallback }),
      () => ask('pending', seen),
    )
  },
  advance: ({ ask }, { by }) => ask('advance', by),
}

function plain(error) {
  return { error: { ...error, name: error.name, message: error.message } }
}

/** Takes steps with one application, as many as there are, and gives what each came to: a result or an error. */
export async function take({ version = 7, kind = 'Confidential', steps, ...configuration }, ask) {
  const msal = await library(version)
  const outcomes = []
  const memory = {}
  let app
  let account
  for (const [how, { own = false, ...request }] of steps) {
    try {
      app ??= new msal[`${kind}ClientApplication`](configuration)
      const asked = own ? { ...request, account } : request
      const outcome = STEPS[how] ? await STEPS[how]({ app, msal, ask, memory }, asked) : await app[how](asked)
      account = outcome?.account ?? account
      outcomes.push(outcome ?? null)
    } catch (error) {
      outcomes.push(plain(error))
    }
  }
  return outcomes
}
