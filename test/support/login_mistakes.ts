/** What clients do wrong where users sign in: one mistake for each check there. */
import type { Check } from '../../src/protocol/checks.ts'
import type { Reason } from '../../src/protocol/reasons.ts'
import { answerAt, authorizeUrl, Browser, type Page, redeem, signIn } from './browser.ts'
import { post } from './http.ts'

const CALLBACK = 'http://localhost:3000/callback'
const ELSEWHERE = 'http://127.0.0.1:4000/other'

export const LOGIN_CLIENTS = [
  {
    client_id: 'web',
    client_secret: 's3cret',
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: ['http://localhost:3000/bye'],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    response_types: ['code', 'id_token'],
  },
  { client_id: 'spa', redirect_uris: [CALLBACK], grant_types: ['authorization_code'] },
]

/** How it ended: the reason of a refusal, or nothing. */
type Outcome = string | undefined

export interface LoginMistake {
  readonly check: Check
  readonly what: string
  readonly reason: Reason
  readonly make: (issuer: string) => Promise<Outcome>
}

const WEB = { client_id: 'web', redirect_uri: CALLBACK }
const ME = { client_id: 'web', client_secret: 's3cret' }

function outcome(page: Pick<Page, 'headers'>): Outcome {
  return page.headers.get('x-mock-reason') ?? undefined
}

async function login(issuer: string, params: Readonly<Record<string, string>>): Promise<Page> {
  return signIn(new Browser(issuer), authorizeUrl(issuer, params))
}

async function tokens(issuer: string): Promise<Record<string, unknown>> {
  const page = await login(issuer, WEB)
  const code = answerAt(page).get('code') ?? ''
  return (await redeem(issuer, { code, redirect_uri: CALLBACK, ...ME })).body
}

export const LOGIN_MISTAKES: readonly LoginMistake[] = [
  {
    check: 'redirect_uri',
    what: 'a redirect URI that is not registered',
    reason: 'redirect_uri.invalid',
    make: async (issuer) => outcome(await login(issuer, { ...WEB, redirect_uri: ELSEWHERE })),
  },
  {
    check: 'response_type',
    what: 'a response type that is not registered',
    reason: 'response_type.not_allowed',
    make: async (issuer) => outcome(await login(issuer, { ...WEB, response_type: 'token' })),
  },
  {
    check: 'nonce',
    what: 'an ID token from the front channel without nonce',
    reason: 'nonce.missing',
    make: async (issuer) => outcome(await login(issuer, { ...WEB, response_type: 'id_token' })),
  },
  {
    check: 'pkce',
    what: 'a public client without code_challenge',
    reason: 'pkce.missing',
    make: async (issuer) => outcome(await login(issuer, { ...WEB, client_id: 'spa' })),
  },
  {
    check: 'refresh_token_reuse',
    what: 'a refresh token that was rotated',
    reason: 'refresh_token.reused',
    async make(issuer) {
      const form = {
        grant_type: 'refresh_token',
        refresh_token: String((await tokens(issuer))['refresh_token']),
        ...ME,
      }
      await post(`${issuer}/token`, form)
      return outcome(await post(`${issuer}/token`, form).then(({ headers }) => ({ headers })))
    },
  },
  {
    check: 'post_logout_redirect_uri',
    what: 'a post-logout redirect URI that is not registered',
    reason: 'logout.redirect_uri',
    async make(issuer) {
      const id_token_hint = String((await tokens(issuer))['id_token'])
      const query = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: ELSEWHERE })
      return outcome(await new Browser(issuer).open(`${issuer}/logout?${query}`))
    },
  },
]
