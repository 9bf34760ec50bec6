/** A client as the conformance plans have it: it sends its browser off, takes apart what comes back and verifies it. */
import { createHash, randomBytes } from 'node:crypto'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { expect } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { startIdp } from '../../src/index.ts'
import { authorizeUrl, Browser, type Page, redeem } from './browser.ts'
import { formOf } from './form.ts'
import { type Answer, basic, get, post } from './http.ts'

/** What is asked for, and how the answer shall come; `default` is not sent. */
export interface Flow {
  readonly type: string
  readonly mode: 'default' | 'form_post'
}

/** Where an answer can stand. */
export type Place = 'query' | 'fragment' | 'form_post'

const inEachMode = (types: readonly string[]): Flow[] =>
  types.flatMap((type) => (['default', 'form_post'] as const).map((mode) => ({ type, mode })))
export const BASIC = inEachMode(['code'])
export const IMPLICIT = inEachMode(['id_token', 'id_token token'])
export const HYBRID = inEachMode(['code id_token', 'code token', 'code id_token token'])

export const REDIRECT_URI = 'https://rp.test/callback'
export const SECRET = 'a secret of the client, 32 octets or more'

type Params = Readonly<Record<string, string | undefined>>
type UserInput = NonNullable<ConfigInput['users']>[number]
type ClientInput = NonNullable<ConfigInput['clients']>[number]

export const PROFILE = {
  name: 'Alice Pleasance Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  middle_name: 'Pleasance',
  nickname: 'Al',
  preferred_username: 'alice',
  profile: 'https://alice.test/',
  picture: 'https://alice.test/alice.png',
  website: 'https://alice.test/blog',
  gender: 'female',
  birthdate: '1852-05-04',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  updated_at: 1_700_000_000,
}
export const EMAIL = { email: 'alice@example.test', email_verified: true }
export const ADDRESS = { address: { street_address: '1 Deanery', locality: 'Oxford', country: 'England' } }
export const PHONE = { phone_number: '+44 1865 276150', phone_number_verified: false }
const ALICE: UserInput = { username: 'alice', ...PROFILE, ...EMAIL, ...ADDRESS, ...PHONE }

/** A provider with the static clients of the plans, the first of them and the rest changed as asked. */
export async function startOp(more: Partial<ClientInput> = {}, config: ConfigInput = {}) {
  const grant_types: ClientInput['grant_types'] = ['authorization_code', 'implicit', 'refresh_token']
  const usual = { client_secret: SECRET, grant_types, redirect_uris: [REDIRECT_URI] }
  return await startIdp({
    users: [ALICE, { username: 'bob' }],
    login: { acr_values: ['1', '2'] },
    clients: [
      { ...usual, client_id: 'client', ...more },
      { ...usual, client_id: 'client_secret_post', token_endpoint_auth_method: 'client_secret_post' },
      { ...usual, client_id: 'client2' },
    ],
    ...config,
  })
}

/** Claims that an ID token may have unasked. */
const USUAL = 'iss sub aud exp iat auth_time nonce acr amr azp at_hash c_hash jti sid'.split(' ')

export class RelyingParty {
  readonly issuer: string
  readonly flow: Flow
  readonly client_id: string
  readonly browser: Browser
  /** The last request. */
  sent: Params = {}

  constructor(issuer: string, flow: Flow, client_id = 'client') {
    this.issuer = issuer
    this.flow = flow
    this.client_id = client_id
    this.browser = new Browser(issuer)
  }

  /** The address of a request with a new state and nonce; `undefined` leaves a parameter out. */
  url(params: Params = {}): string {
    const { client_id, flow } = this
    const [state, nonce] = [randomBytes(64).toString('hex'), randomBytes(16).toString('hex')]
    const response_mode = flow.mode === 'default' ? undefined : flow.mode
    const usual = { client_id, redirect_uri: REDIRECT_URI, response_type: flow.type, response_mode }
    this.sent = { ...usual, state, nonce, ...params }
    return authorizeUrl(this.issuer, this.sent)
  }

  /** Sends the browser to the provider. */
  open(params: Params = {}): Promise<Page> {
    return this.browser.open(this.url(params))
  }

  /** The parameters that came, by redirect or form, and in one place only. */
  received(page: Page, place: Place = placeOf(this.flow)) {
    const empty = { query: {}, fragment: {}, form_post: {} }
    const came = parametersAt(page)
    expect(came).toEqual({ ...empty, [place]: came[place] })
    const answer = came[place] as Record<string, string>
    expect(answer['state']).toBe(this.sent['state'])
    expect(answer['iss']).toBe(this.issuer)
    if (answer['error'] !== undefined) assertError(answer)
    return answer
  }

  /** Sends the browser to the provider, signs in and allows where that is asked, and gives the answer. */
  async authorize(params: Params = {}) {
    const page = await this.open(params)
    const next = isLoginPage(page) ? await this.pick(page) : page
    const asked = new URL(next.url).pathname.endsWith('/consent') && next.left === undefined
    return this.received(asked ? await this.browser.submit(next, { action: 'allow' }) : next)
  }

  /** Picks a user on the login page. */
  pick(page: Page, user = 'alice'): Promise<Page> {
    return this.browser.submit(page, { user })
  }

  /** A whole login: the answer, the code redeemed, and the claims of the ID tokens that came either way. */
  async login(params: Params = {}, released: readonly string[] = []) {
    return await this.taken(await this.authorize(params), released)
  }

  /** What an answer is worth: its code redeemed, and the claims of the ID tokens. */
  async taken(answer: Readonly<Record<string, string>>, released: readonly string[] = []) {
    const tokens = answer['code'] === undefined ? undefined : (await this.redeem(answer)).body
    const claims = async (id_token: unknown) =>
      id_token === undefined ? undefined : (await this.verified(id_token, released)).payload
    const front = await claims(answer['id_token'])
    const back = await claims(tokens?.['id_token'])
    const id = front ?? back
    if (id === undefined)
      throw new Error(`no ID token, but ${JSON.stringify(answer)} ${JSON.stringify(tokens)}`)
    return {
      answer,
      tokens,
      front,
      back,
      id,
      access_token: answer['access_token'] ?? tokens?.['access_token'],
    }
  }

  redeem({ code = '' }: Readonly<Record<string, string>>, more: Record<string, string> = {}) {
    const { client_id, issuer } = this
    return redeem(issuer, { code, redirect_uri: REDIRECT_URI, ...more }, basic(client_id, SECRET))
  }

  refresh(refresh_token: unknown, more: Record<string, string> = {}) {
    const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token), ...more }
    return post(`${this.issuer}/token`, form, basic(this.client_id, SECRET))
  }

  /** An ID token of the last request, verified with the provider's keys. */
  async verified(id_token: unknown, released: readonly string[] = []) {
    const { body } = await get(`${this.issuer}/jwks.json`)
    const keys = createLocalJWKSet(body as unknown as JSONWebKeySet)
    const expected = { issuer: this.issuer, audience: this.client_id, requiredClaims: ['sub', 'exp', 'iat'] }
    const { payload, protectedHeader } = await jwtVerify(String(id_token), keys, expected)
    expect(payload['nonce']).toBe(this.sent['nonce'])
    expect(payload['azp']).toBe(this.client_id)
    const unasked = Object.keys(payload).filter((name) => ![...USUAL, ...released].includes(name))
    expect(unasked).toEqual([])
    return { payload, protectedHeader }
  }

  userinfo(access_token: unknown): Promise<Answer> {
    return get(`${this.issuer}/userinfo`, { authorization: `Bearer ${String(access_token)}` })
  }
}

/** A provider of the plans, and its client in the plainest flow: a code in the query. */
export async function startCodeFlow(...args: Parameters<typeof startOp>) {
  const idp = await startOp(...args)
  const rp = new RelyingParty(idp.issuer, { type: 'code', mode: 'default' })
  return { idp, rp, [Symbol.asyncDispose]: () => idp.stop() }
}

/** What came to the client, by the way it came. */
export function parametersAt(page: Page): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const record = (pairs: Iterable<readonly [string, string]>) => {
    const list = [...pairs]
    const map = new Map(list)
    if (map.size < list.length) throw new Error(`a parameter came twice: ${JSON.stringify(list)}`)
    return Object.fromEntries(map)
  }
  if (page.left !== undefined) {
    const fragment = new URLSearchParams(page.left.hash.slice(1))
    return { query: record(page.left.searchParams), fragment: record(fragment), form_post: {} }
  }
  return { query: {}, fragment: {}, form_post: record(formOf(page).fields) }
}

/** An error comes alone, in the characters that it may have. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 */
function assertError(answer: Readonly<Record<string, string>>): void {
  const allowed = ['error', 'error_description', 'error_uri', 'state', 'iss']
  expect(Object.keys(answer).filter((name) => !allowed.includes(name))).toEqual([])
  expect(answer['error_description'] ?? '').toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)
}

function placeOf({ type, mode }: Flow): Place {
  if (mode === 'form_post') return mode
  return type === 'code' ? 'query' : 'fragment'
}

export function isLoginPage({ url, html }: Page): boolean {
  return new URL(url).pathname.endsWith('/login') && html.includes('Sign in</h1>')
}

/** The left half of a SHA-256, as at_hash and c_hash have it with RS256. */
export function halfHash(text: unknown): string {
  return createHash('sha256').update(String(text), 'ascii').digest().subarray(0, 16).toString('base64url')
}
