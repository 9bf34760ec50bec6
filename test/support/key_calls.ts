/** Signing keys as a test changes them. */

import { ask } from './control_calls.ts'
import { type Answer, basic, decode, get, post } from './http.ts'

export type Key = { readonly kid: string; readonly alg: string; readonly status: string }

/** The keys of a provider, or of one tenant of it. */
export class KeyCalls {
  readonly #base: string
  readonly #query: string

  constructor({ url }: { readonly url: string }, tenant?: string) {
    this.#base = `${url}/_mock/keys`
    this.#query = tenant === undefined ? '' : `?tenant=${tenant}`
  }

  call(method: string, path = '', body?: unknown): Promise<Answer> {
    return ask(method, `${this.#base}${path}${this.#query}`, body)
  }

  async list(): Promise<Key[]> {
    return (await this.call('GET')).body['items'] as Key[]
  }

  /** One step, or all of a rotation. @throws Error when it is refused */
  async rotate(rotation: { readonly alg?: string; readonly step?: string } = {}): Promise<Key[]> {
    const { status, body, text } = await this.call('POST', '/rotate', rotation)
    if (status !== 200) throw new Error(`${status}: ${text}`)
    return body['items'] as Key[]
  }
}

/** Which keys the JWKS has. */
export async function publishedKids(issuer: string): Promise<string[]> {
  const { body } = await get(`${issuer}/jwks.json`)
  return (body['keys'] as Key[]).map(({ kid }) => kid)
}

/** What a token is signed with. */
export const kidOf = (jwt: string) => decode(jwt).header['kid']

/** Whether a token is live, as a client hears it. */
export async function isActive(issuer: string, token: string, client: [string, string]): Promise<boolean> {
  const { body } = await post(`${issuer}/introspect`, { token }, basic(...client))
  return body['active'] === true
}
