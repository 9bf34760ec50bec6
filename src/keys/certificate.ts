/** X.509 certificates: the self-signed one that some dialects show beside a key, and those that clients register. */
import { createHash, type KeyObject, webcrypto, X509Certificate } from 'node:crypto'
import { instant } from '../clock.ts'
import { KeyError } from './key_error.ts'

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.7 */
export interface Certificate {
  readonly der: Buffer
  readonly x5c: readonly [string]
  readonly x5t: string
  readonly 'x5t#S256': string
}

/** A certificate that a client registered. */
export interface ClientCertificate extends Certificate {
  readonly publicKey: KeyObject
}

/** What a certificate is made from. */
interface Certifiable {
  readonly alg: string
  readonly thumbprint: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

// Fixed, so that the same RSA or Ed25519 key has the same certificate, and so the same x5t, at every start.
const NOT_BEFORE = instant('2020-01-01T00:00:00Z')
const NOT_AFTER = instant('2049-12-31T23:59:59Z')
const SERIAL_BYTES = 16
const KEY_IDENTIFIER_BYTES = 20

/** A self-signed certificate of the key. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.1 */
export async function certify(key: Certifiable, commonName = 'idp-double'): Promise<Certificate> {
  // Few ever show a certificate: what writes one, and the reflection that it builds on, come in only now.
  await import('reflect-metadata/lite')
  const { SubjectKeyIdentifierExtension, X509CertificateGenerator } = await import('@peculiar/x509')
  const name = [{ CN: [commonName] }]
  const thumbprint = Buffer.from(key.thumbprint, 'base64url')
  const signingAlgorithm = signatureOf(key)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialOf(thumbprint).toString('hex'),
    subject: name,
    issuer: name,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    publicKey: key.publicKey.export({ format: 'der', type: 'spki' }),
    signingKey: await cryptoKey(key.privateKey, signingAlgorithm),
    signingAlgorithm,
    extensions: [
      new SubjectKeyIdentifierExtension(thumbprint.subarray(0, KEY_IDENTIFIER_BYTES).toString('hex')),
    ],
  })
  return certificateOf(Buffer.from(certificate.rawData))
}

/** MUST be positive and at most 20 octets. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.1.2.2 */
function serialOf(thumbprint: Buffer): Buffer {
  const bytes = Buffer.from(thumbprint.subarray(0, SERIAL_BYTES))
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes
}

interface SignatureAlgorithm {
  readonly name: string
  readonly hash: string
  readonly namedCurve?: string
}

/** RSA keys always sign with PKCS #1 here, whatever their `alg`: PSS is salted, and each certificate would be another. */
function signatureOf({ alg, publicKey }: Certifiable): SignatureAlgorithm {
  if (publicKey.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  if (publicKey.asymmetricKeyType === 'ed25519') return { name: 'Ed25519', hash: 'SHA-512' }
  const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }
  return { name: 'ECDSA', hash: `SHA-${alg.slice(2)}`, namedCurve: curves[alg] ?? alg }
}

function cryptoKey(privateKey: KeyObject, algorithm: SignatureAlgorithm): Promise<webcrypto.CryptoKey> {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  return webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
}

function certificateOf(bytes: Buffer): Certificate {
  return {
    der: bytes,
    x5c: [bytes.toString('base64')],
    x5t: createHash('sha1').update(bytes).digest('base64url'),
    'x5t#S256': createHash('sha256').update(bytes).digest('base64url'),
  }
}

/** The first certificate of a PEM text. @throws KeyError */
export function readCertificate(pem: string, at = 'certificate'): ClientCertificate {
  const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1]
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    const came = found === undefined ? 'not PEM' : `not a certificate but a ${found}`
    throw new KeyError(`${came}, expected a certificate in PEM (-----BEGIN CERTIFICATE-----)`, { at })
  }
  try {
    const certificate = new X509Certificate(pem)
    return { ...certificateOf(certificate.raw), publicKey: certificate.publicKey }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KeyError(`a certificate in PEM that OpenSSL cannot read (${why})`, { at, cause })
  }
}
