/** A client that knows its provider by the discovery document alone, as the providers' own clients do. */
import { createHash } from 'node:crypto'
import { answerAt, Browser, signIn } from './browser.ts'
import { type Answer, basic, get, post } from './http.ts'

export const CALLBACK = 'https://app.example.test/callback'
const VERIFIER = 'a-code-verifier-of-forty-three-characters-and-more'

type Params = Readonly<Record<string, string | undefined>>

export class DiscoveringClient {
  readonly browser: Browser
  readonly metadata: Readonly<Record<string, unknown>>
  readonly id: string
  readonly secret: string

  private constructor(metadata: DiscoveringClient['metadata'], id: string, secret: string) {
    this.metadata = metadata
    this.id = id
    this.secret = secret
    this.browser = new Browser(this.url('authorization_endpoint'))
  }

  static async at(document: string, id: string, secret: string): Promise<DiscoveringClient> {
    const { body } = await get(`${document}/.well-known/openid-configuration`)
    return new DiscoveringClient(body, id, secret)
  }

  url(member: string): string {
    const url = this.metadata[member]
    if (typeof url !== 'string') throw new Error(`the metadata has no ${member}`)
    return url
  }

  /** The address of a request; `undefined` leaves a parameter out. */
  request(params: Params = {}): string {
    const code_challenge = createHash('sha256').update(VERIFIER).digest('base64url')
    const sent = {
      client_id: this.id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state: 'the state',
      ...(params['response_type'] === undefined ? { code_challenge, code_challenge_method: 'S256' } : {}),
      ...params,
    }
    const pairs = Object.entries(sent).filter((pair): pair is [string, string] => pair[1] !== undefined)
    return `${this.url('authorization_endpoint')}?${new URLSearchParams(pairs)}`
  }

  /** Signs alice in where that is asked, and gives the parameters that come back. */
  async authorize(params: Params = {}, user = 'alice'): Promise<Record<string, string>> {
    return Object.fromEntries(answerAt(await signIn(this.browser, this.request(params), user)))
  }

  token(form: Readonly<Record<string, string>>): Promise<Answer> {
    return post(this.url('token_endpoint'), form, basic(this.id, this.secret))
  }

  redeem(code: string | undefined, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const form = { code: code ?? '', redirect_uri: CALLBACK, code_verifier: VERIFIER }
    return this.token({ grant_type: 'authorization_code', ...form, ...more })
  }

  refresh(refresh_token: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: String(refresh_token), ...more })
  }

  userinfo(access_token: unknown): Promise<Answer> {
    return get(this.url('userinfo_endpoint'), { authorization: `Bearer ${String(access_token)}` })
  }
}
