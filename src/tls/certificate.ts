/** X.509 certificates for EC keys that are made with them. */
import { createHash, createPrivateKey, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import type { Extension, JsonNameParams, Name } from '@peculiar/x509'
import { createClock, instant, timestamp } from '../clock.ts'

export type Library = typeof import('@peculiar/x509')

/** A certificate and its private key, in PEM. */
export interface Pem {
  readonly cert: string
  readonly key: string
}

/** What a certificate says. */
export interface Draft {
  /** The subject, first the outermost part; `id` is the beginning of the key's hash. */
  readonly subject: (id: string) => JsonNameParams
  readonly days: number
  readonly extensions: (x509: Library) => Extension[]
  /** Who signs; absent: the key itself. */
  readonly issuer?: Pem
}

const DAY_MS = 86_400_000
const KEY_IDENTIFIER_BYTES = 20
const SERIAL_BYTES = 16
const SIGNATURE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Few serve TLS: what writes a certificate, and the reflection that it builds on, come in only then. */
async function library(): Promise<Library> {
  await import('reflect-metadata/lite')
  return await import('@peculiar/x509')
}

/** Makes a key and its certificate, valid since yesterday. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.1 */
export async function makeCertificate(draft: Draft): Promise<Pem> {
  const x509 = await library()
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  const hash = createHash('sha256').update(spki).digest()
  const identifier = hash.subarray(0, KEY_IDENTIFIER_BYTES).toString('hex')
  const subject = new x509.Name(draft.subject(identifier.slice(0, 8)))
  const signer = signerOf(draft.issuer, x509) ?? {
    name: subject,
    key: privateKey,
    identifier,
    until: Infinity,
  }
  // The machine's own time, by which TLS goes, however far a test moves the provider's.
  const now = createClock().now()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialOf(hash).toString('hex'),
    subject,
    issuer: signer.name,
    // A day back: the clocks of those who check it may be behind.
    notBefore: instant(timestamp(now - DAY_MS)),
    notAfter: instant(timestamp(Math.min(now + (draft.days - 1) * DAY_MS, signer.until))),
    publicKey: spki,
    signingKey: await cryptoKey(signer.key),
    signingAlgorithm: SIGNATURE,
    extensions: [
      ...draft.extensions(x509),
      new x509.SubjectKeyIdentifierExtension(identifier),
      new x509.AuthorityKeyIdentifierExtension(signer.identifier),
    ],
  })
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

interface Signer {
  readonly name: Name
  readonly key: KeyObject
  readonly identifier: string
  readonly until: number
}

function signerOf(issuer: Pem | undefined, x509: Library): Signer | undefined {
  if (issuer === undefined) return undefined
  const certificate = new x509.X509Certificate(issuer.cert)
  const identifier = certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId ?? ''
  return {
    name: certificate.subjectName,
    key: createPrivateKey(issuer.key),
    identifier,
    until: certificate.notAfter.getTime(),
  }
}

/** MUST be positive and at most 20 octets. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.1.2.2 */
function serialOf(hash: Buffer): Buffer {
  const bytes = Buffer.from(hash.subarray(-SERIAL_BYTES))
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes
}

function cryptoKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', key.export({ format: 'der', type: 'pkcs8' }), SIGNATURE, false, [
    'sign',
  ])
}
