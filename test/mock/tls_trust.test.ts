/** Who trusts the CA, and how it stays the same. */
import { execFile } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { openKeyFile } from '../../src/keys/state.ts'
import { makeAuthority } from '../../src/tls/authority.ts'
import { makeCertificate, type Pem } from '../../src/tls/certificate.ts'
import { fileWith, folder } from '../support/folder.ts'
import { fetchWith, startSecure } from '../support/tls.ts'

const run = promisify(execFile)

const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
)

describe('/_mock/ca.pem', () => {
  it('is the certificate of the CA, over http and https', async () => {
    await using secure = await startSecure()
    const plain = await fetch(`${secure.idp.url}/_mock/ca.pem`)
    expect(plain.status).toBe(200)
    expect(plain.headers.get('content-type')).toBe('application/x-pem-file')
    expect(await plain.text()).toBe(secure.ca)
    const certificate = new X509Certificate(secure.ca)
    expect(certificate.ca).toBe(true)
    expect(certificate.subject).toMatch(/^CN=IdP Double CA [0-9a-f]{8}$/)
    expect(secure.ca).not.toContain('PRIVATE')
  })

  it('is under the base path', async () => {
    await using idp = await startIdp({ server: { base_path: '/auth', tls: {} } })
    expect((await fetch(`${idp.url}/_mock/ca.pem`)).status).toBe(200)
  })

  it('is for those who ask for it, and for no script of another origin', async () => {
    await using idp = await startIdp({ server: { tls: {} } })
    const ask = (method: string, headers = {}) => fetch(`${idp.url}/_mock/ca.pem`, { method, headers })
    const foreign = { origin: 'https://elsewhere.test' }
    const [given, known, refused] = await Promise.all([ask('GET', foreign), ask('HEAD'), ask('POST')])
    expect([given.status, given.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect([known.status, await known.text()]).toEqual([200, ''])
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('is not there where the provider has no CA, and says how to have one', async () => {
    await using idp = await startIdp()
    const answer = await fetch(`${idp.url}/_mock/ca.pem`)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/server\.tls/) })
  })
})

describe('the CA file of a provider', () => {
  it('is there until the provider stops', async () => {
    const { idp, ca } = await startSecure()
    const file = idp.caFile as string
    expect(readFileSync(file, 'utf8')).toBe(ca)
    await idp.stop()
    expect(existsSync(file)).toBe(false)
    await idp.stop()
  })

  it('makes fetch of another Node.js process trust https', async () => {
    await using secure = await startSecure()
    const script = `fetch('${secure.httpsUrl}/healthz').then((r) => r.text()).then(console.log)`
    const env = { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: secure.idp.caFile }
    const { stdout } = await run(process.execPath, ['-e', script], { env })
    expect(JSON.parse(stdout)).toEqual({ status: 'ok' })
  })

  it.runIf(hasOpenssl)('is one that OpenSSL verifies strictly, for each purpose and name', async () => {
    await using secure = await startSecure({ clients: [{ client_id: 'partner', client_secret: 's' }] })
    const { hostname, port } = new URL(secure.httpsUrl)
    const connect = ['s_client', '-connect', `${hostname}:${port}`, '-CAfile', secure.idp.caFile as string]
    const strict = ['-x509_strict', '-verify_return_error', '-verify_hostname', 'localhost', '-brief']
    const handshake = run('openssl', [...connect, ...strict])
    handshake.child.stdin?.end()
    expect((await handshake).stderr).toMatch(/Verification: OK/)
    const leaf = fileWith('leaf.pem', (await secure.idp.clientCertificate('partner')).cert)
    const verify = ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', secure.idp.caFile as string]
    expect((await run('openssl', [...verify, leaf])).stdout).toBe(`${leaf}: OK\n`)
  })
})

describe('the CA of providers in one process', () => {
  it('is one and the same where none is kept', async () => {
    await using one = await startSecure()
    await using two = await startSecure()
    expect(two.ca).toBe(one.ca)
    expect((await one.fetch(`${two.httpsUrl}/healthz`)).status).toBe(200)
  })

  it('is made once, also by two that start together', async () => {
    const [one, two] = await Promise.all([startSecure(), startSecure()])
    expect(two.ca).toBe(one.ca)
    await Promise.all([one.idp.stop(), two.idp.stop()])
  })
})

describe('the CA of a state directory', () => {
  it('is the same after a restart, and what trusted it still does', async () => {
    const server = { state_dir: folder() }
    const first = await startSecure({ server })
    const file = first.idp.caFile as string
    expect(file).toBe(join(server.state_dir, 'ca.pem'))
    await first.idp.stop()
    expect(readFileSync(file, 'utf8')).toBe(first.ca)
    await using again = await startSecure({ server })
    expect(again.ca).toBe(first.ca)
    expect((await fetchWith({ ca: first.ca })(`${again.httpsUrl}/healthz`)).status).toBe(200)
    await using other = await startSecure({ server: { state_dir: folder() } })
    expect(other.ca).not.toBe(first.ca)
  })

  it('is readable by all, unlike its key', async () => {
    const state_dir = folder()
    await using _ = await startSecure({ server: { state_dir } })
    const mode = (name: string) => statSync(join(state_dir, name)).mode & 0o777
    expect([mode('ca.pem'), mode('keys.json')]).toEqual([0o644, 0o600])
    expect(readFileSync(join(state_dir, 'ca.pem'), 'utf8')).not.toContain('PRIVATE')
  })

  it('is written again where somebody changed the file', async () => {
    const server = { state_dir: folder() }
    const { idp, ca } = await startSecure({ server })
    await idp.stop()
    writeFileSync(idp.caFile as string, 'nonsense')
    await using again = await startSecure({ server })
    expect(readFileSync(again.idp.caFile as string, 'utf8')).toBe(ca)
  })

  it('is one for two processes that start together', async () => {
    const server = { state_dir: folder() }
    const [one, two] = await Promise.all([startSecure({ server }), startSecure({ server })])
    expect(two.ca).toBe(one.ca)
    await Promise.all([one.idp.stop(), two.idp.stop()])
  })

  it.each([
    ['cut off', ({ cert }: Pem) => cert.slice(0, 300)],
    ['without its key', ({ cert }: Pem) => cert],
    ['with the key of another', ({ cert }: Pem, other: Pem) => `${cert}${other.key}`],
  ])('ends the start where it is %s, and says what to do', async (_, damaged) => {
    const server = { state_dir: folder(), tls: {} }
    const text = damaged(await makeAuthority(), await makeAuthority())
    await openKeyFile(server.state_dir).secret('tls/ca', () => text)
    await expect(startIdp({ server })).rejects.toThrow(
      /keys\.json: its CA .* cannot be used; restore the file/,
    )
  })

  it('ends the start where it has expired, and says what to do', async () => {
    const server = { state_dir: folder(), tls: {} }
    const old = await makeCertificate({ subject: () => [{ CN: ['old'] }], days: -1, extensions: () => [] })
    await openKeyFile(server.state_dir).secret('tls/ca', () => `${old.cert}${old.key}`)
    await expect(startIdp({ server })).rejects.toThrow(/keys\.json: its CA .* has expired; restore the file/)
  })
})

describe('a certificate for a client', () => {
  it('is refused for a client that is not declared, and without a CA', async () => {
    await using secure = await startSecure({ clients: [{ client_id: 'partner', client_secret: 's' }] })
    const { cert, key } = await secure.idp.clientCertificate('partner')
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true)
    await expect(secure.idp.clientCertificate('nobody')).rejects.toThrow(
      'there is no client nobody; declared: partner',
    )
    await using plain = await startIdp({ clients: [{ client_id: 'partner', client_secret: 's' }] })
    await expect(plain.clientCertificate('partner')).rejects.toThrow(TypeError)
  })
})
