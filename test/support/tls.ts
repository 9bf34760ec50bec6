/** Providers that serve https, and clients that trust their CA and nobody else. */
import { Agent, type RequestOptions, request } from 'node:https'
import type { ConfigInput } from '../../src/config/input.ts'
import { startIdp } from '../../src/index.ts'

/** A client's own certificate, in PEM. */
interface Own {
  readonly cert: string
  readonly key: string
}

type Options = RequestOptions & { readonly ca?: string }

/**
 * `fetch` over https with options of its own: `ca` to trust, `cert` and `key` to show, `servername`, `agent`. Follows
 * no redirect.
 */
export function fetchWith(options: Options): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init)
    const headers = Object.fromEntries(asked.headers)
    const body = Buffer.from(await asked.arrayBuffer())
    if (body.length > 0) headers['content-length'] = String(body.length)
    return new Promise((resolve, reject) => {
      const sent = request(asked.url, { ...options, method: asked.method, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const fields = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
            values.map((value) => [name, value] as [string, string]),
          )
          const status = answer.statusCode ?? 0
          const isEmpty = [204, 304].includes(status)
          resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: fields }))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

/**
 * A provider with http and https on free ports, unless the configuration says otherwise:
 * `await using secure = await startSecure({ clients })`, then `secure.fetch(`${secure.httpsUrl}/token`, …)`.
 * `secure.as(certificate)` is a `fetch` that shows a client certificate; `secure.agent` and `secure.ca` are for clients
 * that take an `https.Agent` or a CA in PEM.
 */
export async function startSecure(config: ConfigInput = {}) {
  const tls = { port: 0, ...config.server?.tls }
  const idp = await startIdp({ ...config, server: { port: 0, ...config.server, tls } })
  const ca = await (await fetchWith({ rejectUnauthorized: false })(`${idp.httpsUrl}/_mock/ca.pem`)).text()
  const agent = new Agent({ ca, keepAlive: false })
  return {
    idp,
    ca,
    agent,
    httpsUrl: idp.httpsUrl as string,
    fetch: fetchWith({ ca, agent }),
    as: ({ cert, key }: Own) => fetchWith({ ca, cert, key, agent: false }),
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await idp.stop()
    },
  }
}
