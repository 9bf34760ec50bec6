import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signingAlgs } from '../../src/keys/algorithms.ts'
import { certify, readCertificate } from '../../src/keys/certificate.ts'
import { createKeySet, type KeySpec } from '../../src/keys/keys.ts'

const keyOf = (spec: Partial<KeySpec>) =>
  createKeySet([{ status: 'active', at: 'keys[0]', ...spec }], { slot: 'test' }).select('active')

const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`

describe('the certificate of a signing key', () => {
  it.each(signingAlgs)('is one that Node reads and verifies, for %s', async (alg) => {
    const key = await keyOf({ alg })
    const { der, x5c, x5t, 'x5t#S256': x5tS256 } = await key.certificate()
    const certificate = new X509Certificate(der)
    expect(certificate.verify(key.publicKey)).toBe(true)
    expect(certificate.checkIssued(certificate)).toBe(true)
    expect(certificate.publicKey.equals(key.publicKey)).toBe(true)
    expect(certificate).toMatchObject({ subject: 'CN=idp-double', issuer: 'CN=idp-double' })
    expect(certificate.validFrom).toBe('Jan  1 00:00:00 2020 GMT')
    expect(certificate.validTo).toBe('Dec 31 23:59:59 2049 GMT')
    expect(Buffer.from(x5c[0], 'base64').equals(der)).toBe(true)
    expect(Buffer.from(x5t, 'base64url').toString('hex').toUpperCase()).toBe(
      certificate.fingerprint.replaceAll(':', ''),
    )
    expect(Buffer.from(x5tS256, 'base64url').toString('hex').toUpperCase()).toBe(
      certificate.fingerprint256.replaceAll(':', ''),
    )
  })

  it.each(['RS256', 'PS256', 'RS512', 'EdDSA'])('is the same at every start for a %s key', async (alg) => {
    const first = await keyOf({ alg })
    const again = await keyOf({
      alg,
      kid: 'another',
      pem: first.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    expect((await again.certificate()).x5t).toBe((await first.certificate()).x5t)
    expect((await (await keyOf({ alg })).certificate()).x5t).not.toBe((await first.certificate()).x5t)
  })

  it('is made once', async () => {
    const key = await keyOf({ alg: 'ES256' })
    const [one, two] = await Promise.all([key.certificate(), key.certificate()])
    expect(one).toBe(two)
  })

  it('says what it is for, under the name that is asked for', async () => {
    const { der } = await certify(await keyOf({ alg: 'ES256' }), 'accounts.accesscontrol.windows.net')
    expect(new X509Certificate(der).subject).toBe('CN=accounts.accesscontrol.windows.net')
  })

  it('has a positive serial number of 16 bytes, which comes from the key', async () => {
    const key = await keyOf({ alg: 'RS256' })
    const serial = Buffer.from(new X509Certificate((await key.certificate()).der).serialNumber, 'hex')
    expect(serial).toHaveLength(16)
    expect(serial.subarray(1).equals(Buffer.from(key.thumbprint, 'base64url').subarray(1, 16))).toBe(true)
  })
})

describe('a client certificate', () => {
  it('is read from PEM, with its key and thumbprints', async () => {
    const key = await keyOf({ alg: 'ES256' })
    const made = await key.certificate()
    const read = readCertificate(`text before\n${pem(made.der)}`, 'clients[0].certificate_file')
    expect(read).toMatchObject({
      x5t: made.x5t,
      'x5t#S256': createHash('sha256').update(made.der).digest('base64url'),
    })
    expect(read.publicKey.equals(key.publicKey)).toBe(true)
  })

  it('is refused with what came instead', () => {
    const at = 'clients[0].certificate_file'
    const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(() => readCertificate('hello', at)).toThrow(`${at}: not PEM, expected a certificate in PEM`)
    expect(() => readCertificate('hello')).toThrow('certificate: not PEM')
    expect(() => readCertificate(key, at)).toThrow(`${at}: not a certificate but a PUBLIC KEY`)
    expect(() => readCertificate(pem(Buffer.from('nonsense')), at)).toThrow(
      `${at}: a certificate in PEM that OpenSSL cannot read`,
    )
  })
})
