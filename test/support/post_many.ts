/** One request sent very often, as fast as it goes: fetch takes three times as long. */
import { Agent, request } from 'node:http'

interface Sent {
  readonly form: string | Record<string, string>
  readonly headers?: Record<string, string>
}

interface Came {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Connections that are kept, so many at most. */
export function openConnections(most: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: most })
  return {
    post: (url: string, { form, headers = {} }: Sent) =>
      new Promise<Came>((resolve, reject) => {
        const body = new URLSearchParams(form).toString()
        const type = { 'content-type': 'application/x-www-form-urlencoded' }
        const all = { ...type, 'content-length': String(body.length), ...headers }
        const sent = request(url, { method: 'POST', agent, headers: all }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
          })
          response.on('error', reject)
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          )
        })
        sent.on('error', reject)
        sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** Posts one form so many times over a hundred connections. */
export async function postMany(url: string, { times, ...sent }: Sent & { readonly times: number }) {
  const connections = openConnections(100)
  try {
    return await Promise.all(Array.from({ length: times }, () => connections.post(url, sent)))
  } finally {
    connections.close()
  }
}

/** How often each outcome came: the status, and the error or the reason of a refusal. */
export function tally(came: readonly Came[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, headers, text } of came) {
    const error = text.startsWith('{') ? (JSON.parse(text) as { error?: string }).error : undefined
    const outcome = [status, error ?? headers['x-mock-reason']].filter((word) => word !== undefined).join(' ')
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}
