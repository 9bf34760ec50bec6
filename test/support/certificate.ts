/** A key and its self-signed certificate, as an application's owner makes them to register the certificate. */
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { signingKey } from '../../src/keys/signing_key.ts'

export interface OwnCertificate {
  /** PEM file of the certificate, for `certificate_file`. */
  readonly file: string
  readonly pem: string
  readonly key: KeyObject
  /** Base64, as x5c has it. */
  readonly der: string
  readonly sha1: Buffer
  readonly sha256: Buffer
}

const directory = mkdtempSync(join(tmpdir(), 'idp-double-certificate-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

export async function makeCertificate(name: string): Promise<OwnCertificate> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { der } = await (await signingKey(privateKey, 'RS256')).certificate()
  const file = join(directory, `${name}.pem`)
  const certificate = new X509Certificate(der)
  writeFileSync(file, certificate.toString())
  const hex = (fingerprint: string) => Buffer.from(fingerprint.replaceAll(':', ''), 'hex')
  return {
    file,
    pem: certificate.toString(),
    key: privateKey,
    der: der.toString('base64'),
    sha1: hex(certificate.fingerprint),
    sha256: hex(certificate.fingerprint256),
  }
}
