import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type AgentOptions, request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { listen } from '../../src/http/listen.ts'
import { readHead } from '../../src/http/read.ts'
import { makeAuthority } from '../../src/tls/authority.ts'
import { makeCertificate, type Pem } from '../../src/tls/certificate.ts'
import { clientCertificate } from '../../src/tls/client_certificate.ts'
import { serverCertificate } from '../../src/tls/server_certificate.ts'

const authority = await makeAuthority()
const server = await serverCertificate(['localhost'], authority)

const selfSigned = (days = 30) =>
  makeCertificate({ subject: () => [{ CN: ['nobody'] }], days, extensions: () => [] })

/** A listener that tells which certificate it saw. */
async function told(clientCas: readonly string[] | undefined) {
  const listening = await listen(
    () => (message, response) => {
      const { certificate } = readHead(message)
      const sha256 = certificate && createHash('sha256').update(certificate.der).digest('hex')
      response.end(JSON.stringify({ trusted: certificate?.trusted, sha256 }))
    },
    { host: '127.0.0.1', port: null, secure: { port: 0, certificate: server, clientCas } },
  )
  return {
    port: listening.ports.https as number,
    ports: listening.ports,
    [Symbol.asyncDispose]: () => listening.close(1000),
  }
}

async function ask(port: number, options: AgentOptions, agent = new Agent({ keepAlive: false })) {
  const trust = { ca: authority.cert, servername: 'localhost', port, host: '127.0.0.1' }
  const sent = request({ ...trust, ...options, agent }).end()
  const [answer] = await once(sent, 'response')
  const reused = (answer.socket as TLSSocket).isSessionReused()
  let text = ''
  for await (const chunk of answer) text += chunk
  agent.destroy()
  return { ...(JSON.parse(text) as { trusted?: true | string; sha256?: string }), reused }
}

const sha256 = ({ cert }: Pem) => new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase()

describe('the certificate of a client', () => {
  it('is trusted when a trusted CA issued it', async () => {
    await using port = await told([authority.cert])
    const own = await clientCertificate({ client_id: 'partner' }, authority)
    expect(await ask(port.port, own)).toMatchObject({ trusted: true, sha256: sha256(own) })
  })

  it('is seen, and not trusted, when it is self-signed, of another CA or expired', async () => {
    await using port = await told([authority.cert])
    const other = await clientCertificate({ client_id: 'partner' }, await makeAuthority())
    const self = await selfSigned()
    expect(await ask(port.port, self)).toMatchObject({
      sha256: sha256(self),
      trusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(await ask(port.port, other)).toMatchObject({
      sha256: sha256(other),
      trusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    })
    const days = -1
    const old = await makeCertificate({
      subject: () => [{ CN: ['old'] }],
      days,
      extensions: () => [],
      issuer: authority,
    })
    expect(await ask(port.port, old)).toMatchObject({ sha256: sha256(old), trusted: 'CERT_HAS_EXPIRED' })
  })

  it('is seen, and never trusted, where no CA is', async () => {
    await using port = await told([])
    const own = await clientCertificate({ client_id: 'partner' }, authority)
    expect(await ask(port.port, own)).toMatchObject({ sha256: sha256(own), trusted: expect.any(String) })
  })

  it('may be missing', async () => {
    await using port = await told([authority.cert])
    expect(await ask(port.port, {})).toEqual({ reused: false })
  })

  it('is not asked for where nobody has a use for it', async () => {
    await using port = await told(undefined)
    expect(await ask(port.port, await selfSigned())).toEqual({ reused: false })
    expect(port.ports.http).toBeUndefined()
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is still there when a session of %s is resumed',
    async (version) => {
      await using port = await told([authority.cert])
      for (const own of [await clientCertificate({ client_id: 'partner' }, authority), await selfSigned()]) {
        const options = { ...own, minVersion: version, maxVersion: version }
        const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 })
        const first = await ask(port.port, options, agent)
        const again = await ask(port.port, options, agent)
        expect([first.reused, again.reused]).toEqual([false, true])
        expect({ ...again, reused: false }).toEqual(first)
      }
    },
  )
})

describe('a certificate that is made for a client', () => {
  it('has the client_id for its name where the client registered none', async () => {
    const { cert } = await clientCertificate({ client_id: 'partner, "2"' }, authority)
    const certificate = new X509Certificate(cert)
    expect(certificate.toLegacyObject().subject).toEqual({ CN: 'partner, "2"' })
    expect(certificate.subjectAltName).toBeUndefined()
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(certificate.verify(new X509Certificate(authority.cert).publicKey)).toBe(true)
  })

  it('has the registered subject, which RFC 4514 writes from its end', async () => {
    const tls_client_auth_subject_dn =
      'emailAddress=it@partner.test,CN=Åse \\, partner+OU=IT,O=Example\\\\AS,DC=example,C=NO'
    const { cert } = await clientCertificate({ client_id: 'partner', tls_client_auth_subject_dn }, authority)
    expect(new X509Certificate(cert).subject.split('\n')).toEqual([
      'C=NO',
      'DC=example',
      'O=Example\\\\AS',
      'CN=Åse \\, partner + OU=IT',
      'emailAddress=it@partner.test',
    ])
  })

  it.each([
    ['tls_client_auth_san_dns', 'partner.example.test', 'DNS:partner.example.test'],
    ['tls_client_auth_san_uri', 'spiffe://example.test/partner', 'URI:spiffe://example.test/partner'],
    ['tls_client_auth_san_ip', '192.0.2.1', 'IP Address:192.0.2.1'],
    ['tls_client_auth_san_ip', '2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
    ['tls_client_auth_san_email', 'it@partner.test', 'email:it@partner.test'],
  ])('has the registered %s %s', async (key, value, expected) => {
    const { cert } = await clientCertificate({ client_id: 'partner', [key]: value }, authority)
    expect(new X509Certificate(cert).subjectAltName).toBe(expected)
  })
})
