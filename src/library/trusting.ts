/** A fetch that trusts one CA more: that of Node.js takes none. */
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Fetch, FetchResponse } from '../api.ts'

/** @throws TypeError for a file that has no certificate */
export async function trusting(caFile: string): Promise<Fetch> {
  const ca = [...rootCertificates, await certificateIn(caFile)]
  return (url, { method, headers, body }) =>
    new Promise<FetchResponse>((resolve, reject) => {
      // Without an agent that keeps connections: nothing is left open.
      const sent = request(url, { method, headers, ca, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            headers: { get: (name) => [response.headers[name.toLowerCase()] ?? null].flat().join() || null },
            text: async () => text,
          })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
}

/** Node.js would take any text, and trust nothing by it. */
async function certificateIn(caFile: string): Promise<string> {
  const text = await readFile(caFile, 'utf8').catch((cause: Error) => {
    throw new TypeError(`caFile ${caFile} cannot be read: ${cause.message}`, { cause })
  })
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new TypeError(`caFile ${caFile} has no certificate in PEM, as GET /_mock/ca.pem gives it`)
}
