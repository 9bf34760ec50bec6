/** A provider that says what it found wrong with its clients. */
import { randomBytes } from 'node:crypto'
import type { ConfigInput } from '../../src/config/input.ts'
import { issuerOf } from '../../src/context.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { startProvider } from '../../src/provider.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from './browser.ts'
import { basic, post } from './http.ts'
import { resolved } from './logged.ts'

export const CALLBACK = 'https://shop.example.test/callback'
export const WEB = basic('web', 's3cret')

/** A public client, a confidential one, another one, and a user who signs in without a page. */
const CLIENTS: NonNullable<ConfigInput['clients']> = [
  { client_id: 'spa', redirect_uris: [CALLBACK] },
  { client_id: 'web', client_secret: 's3cret', redirect_uris: [CALLBACK] },
  { client_id: 'other', client_secret: 'an0ther', redirect_uris: [CALLBACK] },
]

const GRANTS: NonNullable<ConfigInput['clients']>[number]['grant_types'] = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  'password',
]

export const random = () => randomBytes(32).toString('base64url')

/** A verifier and its challenge. */
const VERIFIER = 'mdY6sXVVEcpBKDCHp8d1Hwd3pT9JSmPJ1FHmuXpqCXc'
export const CHALLENGE = '8Gf32eFhVil1jsiR2tMMh_Kx12adxmZz2H65nFMMhZg'

type Params = Readonly<Record<string, string | undefined>>

export async function startJudged(input: ConfigInput = {}) {
  const { clients = CLIENTS, ...more } = input
  const config = await resolved({
    clients: clients.map((client) => ({
      grant_types: 'redirect_uris' in client ? GRANTS : ['client_credentials'],
      ...client,
    })),
    users: [{ username: 'alice', password: 'wonderland' }, { username: 'bob' }],
    keys: [{ alg: 'ES256' }],
    login: { mode: 'auto' },
    ...more,
  })
  const running = await startProvider(config)
  const { judge, clock } = running.world.resident() ?? {}
  const [tenant] = running.tenants
  if (judge === undefined || tenant === undefined) throw new Error('no tenant')
  const issuer = issuerOf(running.context(tenant))
  return {
    issuer,
    findings: (): readonly Finding[] => judge.findings,
    /** The rules that were broken. */
    ids: (): readonly string[] => [...new Set(judge.findings.map(({ id }) => id))],
    /** Forgets everything. */
    clear: () => judge.clear(),
    advance: (seconds: number) => clock?.advance(seconds),
    /** Sends a browser of its own with a request that is right but for what is given; says what came back. */
    async ask(params: Params = {}): Promise<URLSearchParams> {
      const right = { client_id: 'web', redirect_uri: CALLBACK, state: random(), code_challenge: random() }
      const url = authorizeUrl(issuer, { ...right, code_challenge_method: 'S256', ...params })
      return answerAt(await new Browser(issuer).open(url))
    },
    /** Has a code for the verifier of this file. */
    async code(params: Params = {}): Promise<string> {
      const answer = await this.ask({ code_challenge: CHALLENGE, ...params })
      return answer.get('code') ?? ''
    },
    /** The same by a login page that a person sends. */
    async signIn(params: Params = {}): Promise<string> {
      const right = { client_id: 'web', redirect_uri: CALLBACK, state: random() }
      const url = authorizeUrl(issuer, { ...right, ...params })
      return answerAt(await signIn(new Browser(issuer), url)).get('code') ?? ''
    },
    redeem: (code: string, more: Params = {}, headers: Record<string, string> = WEB) =>
      redeem(issuer, defined({ code, redirect_uri: CALLBACK, code_verifier: VERIFIER, ...more }), headers),
    token: (form: Params, headers: Record<string, string> = {}) =>
      post(`${issuer}/token`, defined(form), headers),
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

export type Judged = Awaited<ReturnType<typeof startJudged>>

function defined(params: Params): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}
