/** Calls of the control API over HTTP. */
import { type Answer, answerOf } from './http.ts'

/** Sends a call; a body that is given goes as JSON. */
export async function ask(method: string, url: string, body?: unknown): Promise<Answer> {
  const sent =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return await answerOf(await fetch(url, { method, ...sent }))
}
