/** The record of a provider as its control API shows it. */

import { startIdp } from '../../src/index.ts'
import type { RequestView } from '../../src/record/view.ts'
import { basic, get, post } from './http.ts'

/** The remembered requests that match. @throws Error where the call is refused */
export async function requestsOf(url: string, query = ''): Promise<RequestView[]> {
  const { status, body, text } = await get(`${url}/_mock/requests?${query}`)
  if (status !== 200) throw new Error(`${status}: ${text}`)
  return body['items'] as RequestView[]
}

export interface ServerEvent {
  readonly id?: string
  readonly event?: string
  readonly data: unknown
}

/** Reads server-sent events, comments left out. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent, void> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => !line.startsWith(':'))
      const fields = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)))
      if (lines.length > 0) yield { ...fields, data: JSON.parse(fields['data'] ?? 'null') }
    }
  }
}

export const CLIENTS = [
  { client_id: 'orders', client_secret: 'top-s3cret' },
  { client_id: 'reports', client_secret: 'other-s3cret' },
]

/** A provider with two clients. */
export const startRecorded = () => startIdp({ clients: CLIENTS })
export type Recorded = Awaited<ReturnType<typeof startRecorded>>

export function askToken(
  { issuer }: { readonly issuer: string },
  client_id = 'orders',
  client_secret = 'top-s3cret',
) {
  return post(`${issuer}/token`, { grant_type: 'client_credentials' }, basic(client_id, client_secret))
}

/** Three requests: a token, a refusal, a document. */
export async function threeRequests(idp: Recorded): Promise<void> {
  await askToken(idp)
  await askToken(idp, 'reports', 'wrong-s3cret')
  await get(`${idp.issuer}/jwks.json`)
}
