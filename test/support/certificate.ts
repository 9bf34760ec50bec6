/** A key and its self-signed certificate, as an application's owner makes them to register the certificate. */
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { signingKey } from '../../src/keys/signing_key.ts'
import { fileWith } from './folder.ts'

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

export async function makeCertificate(name: string): Promise<OwnCertificate> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { der } = await (await signingKey(privateKey, 'RS256')).certificate()
  const certificate = new X509Certificate(der)
  const file = fileWith(`${name}.pem`, certificate.toString())
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
