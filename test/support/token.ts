/** Access tokens in answers and requests. */
import { type Answer, decode } from './http.ts'

/** The claims of the access token that came, not verified. */
export function claimsOf({ body, text }: Answer): Record<string, unknown> {
  if (typeof body['access_token'] !== 'string') throw new Error(`no access token, but ${text}`)
  return decode(body['access_token']).claims
}

/** The JOSE header of the access token that came. */
export function headerOf({ body, text }: Answer): Record<string, unknown> {
  if (typeof body['access_token'] !== 'string') throw new Error(`no access token, but ${text}`)
  return decode(body['access_token']).header
}

export function bearer(token: unknown): { authorization: string } {
  return { authorization: `Bearer ${String(token)}` }
}
