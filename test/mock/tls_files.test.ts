import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeAuthority } from '../../src/tls/authority.ts'
import { makeCertificate } from '../../src/tls/certificate.ts'
import { serverCertificate } from '../../src/tls/server_certificate.ts'
import { fileWith, folder } from '../support/folder.ts'
import { fetchWith } from '../support/tls.ts'

const authority = await makeAuthority()
const { cert, key } = await serverCertificate(['localhost', 'idp.test'], authority)
const other = await makeAuthority()
const expired = await makeCertificate({
  subject: () => [{ CN: ['old.test'] }],
  days: -1,
  extensions: () => [],
})

const cert_file = fileWith('cert.pem', cert)
const key_file = fileWith('key.pem', key)
const garbage = fileWith('garbage.pem', 'garbage')

const start = (certificate: { cert_file: string; key_file: string }, client_ca: string | null = null) =>
  startIdp({ server: { tls: { certificate, client_ca } } })

describe('a certificate of one’s own', () => {
  it('is what https is served with, and its chain', async () => {
    await using idp = await start({ cert_file, key_file })
    const trusting = fetchWith({ ca: authority.cert, servername: 'idp.test' })
    expect((await trusting(`${idp.httpsUrl}/healthz`)).status).toBe(200)
    expect(idp.caFile).toBeUndefined()
    expect((await fetch(`${idp.url}/_mock/ca.pem`)).status).toBe(404)
    await expect(idp.clientCertificate('any')).rejects.toThrow('no CA of its own')
  })

  it('stands beside a CA for clients, where that is asked for', async () => {
    await using idp = await start({ cert_file, key_file }, 'auto')
    const ca = await (await fetch(`${idp.url}/_mock/ca.pem`)).text()
    expect(new X509Certificate(ca).ca).toBe(true)
    expect(ca).not.toBe(authority.cert)
    expect((await fetchWith({ ca: authority.cert })(`${idp.httpsUrl}/healthz`)).status).toBe(200)
  })

  it.each([
    [
      'a key of another',
      cert_file,
      fileWith('other.pem', other.key),
      /key_file: the private key is not that of the certificate in cert_file \(CN=localhost\)/,
    ],
    ['no certificate', garbage, key_file, /cert_file: not PEM, expected a certificate/],
    ['no key', cert_file, garbage, /key_file: not PEM, expected a private key/],
    ['one file for the other', key_file, cert_file, /cert_file: not a certificate but a PRIVATE KEY/],
    [
      'one that has expired',
      fileWith('old.pem', expired.cert),
      fileWith('old_key.pem', expired.key),
      /cert_file: the certificate of CN=old.test has expired \(/,
    ],
    [
      'a damaged one',
      fileWith('bent.pem', cert.replace('\nMII', '\n!!!')),
      key_file,
      /cert_file: a certificate in PEM that OpenSSL cannot read/,
    ],
  ])('ends the start where it is %s', async (_, cert_file, key_file, expected) => {
    await expect(start({ cert_file, key_file })).rejects.toThrow(expected)
    await expect(start({ cert_file, key_file })).rejects.toThrow(/^server\.tls\.certificate\.[^\n]+$/)
  })

  it('ends the start where the CA of clients is none', async () => {
    await expect(start({ cert_file, key_file }, garbage)).rejects.toThrow(/^server\.tls\.client_ca: not PEM/)
  })

  it('is a problem of the configuration where a file cannot be read', async () => {
    const missing = join(folder(), 'missing.pem')
    await expect(start({ cert_file: missing, key_file: folder() }, missing)).rejects.toMatchObject({
      problems: [
        { path: 'server.tls.certificate.cert_file', message: expect.stringMatching(/no such file/) },
        { path: 'server.tls.certificate.key_file', message: expect.stringMatching(/directory/) },
        { path: 'server.tls.client_ca', message: expect.stringMatching(/no such file/) },
      ],
    })
  })
})

describe('the ports', () => {
  it('are one at least', async () => {
    await expect(startIdp({ server: { port: null } })).rejects.toMatchObject({
      problems: [{ path: 'server.port', message: expect.stringMatching(/^nothing is served/) }],
    })
  })

  it.each([
    [{ port: 8443, tls: {} }, 'server.port'],
    [{ port: 9443, tls: { port: 9443 } }, 'server.tls.port'],
  ])('are two where there are two: %j', async (server, path) => {
    await expect(startIdp({ server })).rejects.toMatchObject({ problems: [{ path }] })
  })
})
