/** Requests as clients of a provider send them, and answers as plain values. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON object of the body; empty where there is none. */
  readonly body: Record<string, unknown>
}

type Form = string | Record<string, string> | [string, string][]

/** Posts a form; a string is sent as it is. */
export async function post(url: string, form: Form, headers: Record<string, string> = {}): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return await answerOf(await fetch(url, { method: 'POST', headers: { ...type, ...headers }, body }))
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return await answerOf(await fetch(url, { headers }))
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, headers: response.headers, text, body }
}

/** The header of `client_secret_basic`: each half form-urlencoded, RFC 6749 §2.3.1. */
export function basic(client_id: string, client_secret: string): { authorization: string } {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return basicAsIs(`${encode(client_id)}:${encode(client_secret)}`)
}

/** A Basic header of this very text. */
export function basicAsIs(text: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(text, 'utf8').toString('base64')}` }
}

/** A token by client_credentials. @throws Error when none is issued */
export async function requestToken(
  issuer: string,
  [client_id, client_secret]: readonly [string, string],
  more: Record<string, string> = {},
): Promise<string> {
  const form = { grant_type: 'client_credentials', ...more }
  const { status, text, body } = await post(`${issuer}/token`, form, basic(client_id, client_secret))
  if (typeof body.access_token !== 'string') throw new Error(`no token, but ${status}: ${text}`)
  return body.access_token
}

/** Header and claims of a JWT, not verified. */
export function decode(jwt: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header, claims] = jwt.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'))
  return { header: JSON.parse(header ?? ''), claims: JSON.parse(claims ?? '') }
}
