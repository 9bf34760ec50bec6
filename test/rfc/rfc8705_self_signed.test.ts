import { type JsonWebKey as JWK, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import type { ClientInput } from '../support/configured.ts'
import { fileWith } from '../support/folder.ts'
import { startSecure } from '../support/tls.ts'
import { ask, certified, derOf, invalidClient, makeCa, refusalOf, send } from '../support/tls_client.ts'

/** Asks for certificates, though it trusts none of those here. */
const CA = { tls: { client_ca: 'auto' } } as const

type Own = Awaited<ReturnType<typeof certified>>
type Jwks = NonNullable<ClientInput['jwks']>

const own = await certified()
const other = await certified()

/** The public key of a certificate, as a client registers it. */
function keyOf({ cert }: Own, more: JWK = {}): Jwks {
  const jwk = new X509Certificate(cert).publicKey.export({ format: 'jwk' })
  return { keys: [{ ...jwk, ...more }] } as Jwks
}

const withX5c = (certificate: Own, ...more: Own[]) =>
  keyOf(certificate, { x5c: [certificate, ...more].map(derOf) })

const start = (more: Partial<ClientInput>) => {
  const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth' } as const
  return startSecure({ server: CA, clients: [{ client_id: 'partner', ...method, ...more }] })
}

describe('RFC 8705 §2.2 Self-Signed Certificate Mutual-TLS Method', () => {
  it.each([
    ['as x5c in its jwks', { jwks: withX5c(own) }],
    ['as one of several', { jwks: { keys: [...withX5c(other).keys, ...withX5c(own).keys] } }],
    ['as a file', { certificate_file: fileWith('own.pem', own.cert) }],
    ['by its key alone', { jwks: keyOf(own, { kid: 'one' }) }],
    ['without a method', { jwks: withX5c(own), token_endpoint_auth_method: undefined }],
  ])('accepts a certificate that the client registered %s', async (_what, registered) => {
    await using secure = await start(registered)
    const answer = await ask(secure.as(own), secure.httpsUrl)
    expect(answer.status, answer.text).toBe(200)
  })

  it('asks for the keys at jwks_uri each time, so that a new certificate counts at once', async () => {
    let jwks = withX5c(other)
    const server = createServer((_request, response) => response.end(JSON.stringify(jwks)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await using secure = await start({ jwks_uri: `http://127.0.0.1:${port}/jwks` })
    expect((await ask(secure.as(own), secure.httpsUrl)).status).toBe(401)
    jwks = withX5c(own)
    expect((await ask(secure.as(own), secure.httpsUrl)).status).toBe(200)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const gone = refusalOf(await ask(secure.as(own), secure.httpsUrl))
    expect(gone).toEqual(invalidClient('client.certificate_mismatch', /jwks_uri gave no keys/))
  })

  it.each([
    ['another certificate', withX5c(other)],
    ['another certificate and this one behind it', withX5c(other, own)],
    ['another key', keyOf(other, { kid: 'one' })],
    ['a broken x5c', keyOf(own, { x5c: ['====', 1] as unknown as string[] })],
    ['a broken key', { keys: [{ kty: 'EC', crv: 'P-256', x: '!', y: 5 }] } as unknown as Jwks],
    ['no key at all', { keys: [] }],
  ])('refuses a certificate where the client registered %s', async (_what, jwks) => {
    await using secure = await start({ jwks })
    const wanted = /thumbprint [\w-]{43}, expected .*; register it as x5c in jwks or jwks_uri/
    const refusal = refusalOf(await ask(secure.as(own), secure.httpsUrl))
    expect(refusal).toEqual(invalidClient('client.certificate_mismatch', wanted))
  })

  it('asks no CA: one that nobody trusts may have issued what is registered', async () => {
    const issued = await certified({ issuer: await makeCa() })
    await using secure = await start({ jwks: withX5c(issued) })
    expect((await ask(secure.as(issued), secure.httpsUrl)).status).toBe(200)
  })

  it.each([
    ['has expired', -40, /expired at/],
    ['is not valid yet', 10, /is valid from/],
  ])('refuses a registered certificate that %s', async (_what, moved, wanted) => {
    const certificate = await certified({ moved })
    await using secure = await start({ jwks: withX5c(certificate) })
    const refusal = refusalOf(await ask(secure.as(certificate), secure.httpsUrl))
    expect(refusal).toEqual(invalidClient('client.certificate_expired', wanted))
  })

  it('tells a client without certificate to come with it', async () => {
    await using secure = await start({ jwks: withX5c(own) })
    const wanted = new RegExp(`connect with it to ${secure.httpsUrl}/token`)
    for (const [by, url] of [[secure.fetch, secure.httpsUrl] as const, [fetch, secure.idp.url] as const])
      expect(refusalOf(await ask(by, url))).toEqual(invalidClient('client.certificate_missing', wanted))
  })

  it('leaves a client with keys the choice between its certificate and an assertion', async () => {
    const key = await makeKey('ES256', 'assertion')
    const jwks = { keys: [key.jwk, ...withX5c(own).keys] }
    await using secure = await start({ jwks, token_endpoint_auth_method: undefined })
    const signed = { client: 'partner', aud: secure.idp.issuer, key: key.privateKey }
    const form = assertionForm(await assertion(signed))
    for (const by of [secure.as(own), secure.as(other), secure.fetch]) {
      const again = assertionForm(await assertion(signed))
      expect((await send(by, `${secure.httpsUrl}/token`, again)).status).toBe(200)
    }
    expect((await send(secure.as(own), `${secure.httpsUrl}/token`, form)).status).toBe(200)
    expect((await ask(secure.as(own), secure.httpsUrl)).status).toBe(200)
    const without = refusalOf(await ask(secure.fetch, secure.httpsUrl))
    expect(without).toEqual(invalidClient('client.secret_missing', /expected client_assertion/))
  })
})
