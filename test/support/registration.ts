/** Clients that register themselves. */
import { type Answer, answerOf } from './http.ts'

/** Sends client metadata to the registration endpoint. */
export async function register(
  issuer: string,
  metadata: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = { 'content-type': 'application/json' }
  const body = JSON.stringify(metadata)
  return await answerOf(
    await fetch(`${issuer}/register`, { method: 'POST', headers: { ...type, ...headers }, body }),
  )
}

/** Reads, changes or deletes a registered client at its own URI, with its own token. */
export async function manage(
  { registration_client_uri, registration_access_token }: Answer['body'],
  method: 'GET' | 'PUT' | 'DELETE' | 'HEAD' = 'GET',
  metadata?: unknown,
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${String(registration_access_token)}`,
    'content-type': 'application/json',
  }
  const body = metadata === undefined ? null : JSON.stringify(metadata)
  return await answerOf(await fetch(String(registration_client_uri), { method, headers, body }))
}

/** The client that a registration made. @throws Error where it was refused */
export async function registered(issuer: string, metadata: unknown): Promise<Answer['body']> {
  const { status, text, body } = await register(issuer, metadata)
  if (status !== 201) throw new Error(`not registered, but ${status}: ${text}`)
  return body
}
