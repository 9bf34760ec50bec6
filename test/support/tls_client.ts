/** Clients with TLS certificates: those of a CA that a test makes, and requests that show them. */
import 'reflect-metadata/lite'
import { createHash, createPrivateKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { expect } from 'vitest'
import { type Answer, answerOf } from './http.ts'

/** A certificate and its private key, in PEM. */
export interface Pem {
  readonly cert: string
  readonly key: string
}

interface Certificate {
  /** In the order of the encoding: the outermost part first. */
  readonly subject?: x509.JsonNameParams
  readonly names?: x509.JsonGeneralName[]
  /** Without one the certificate signs itself. */
  readonly issuer?: Pem
  /** Days by which its month is moved. */
  readonly moved?: number
  /** Whether it may sign others. */
  readonly signs?: boolean
}

const DAY_MS = 86_400_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A key and a certificate of this kind, valid for a month from yesterday on unless it is moved. */
export async function certified(certificate: Certificate = {}): Promise<Pem> {
  const { subject = [{ CN: ['partner'] }], names = [], issuer, moved = 0, signs = false } = certificate
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const name = new x509.Name(subject)
  const from = Date.now() + (moved - 1) * DAY_MS
  const made = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer ? new x509.X509Certificate(issuer.cert).subjectName : name,
    notBefore: new Date(from),
    notAfter: new Date(from + 30 * DAY_MS),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
    signingKey: await signer(issuer?.key ?? key),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(signs, undefined, true),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  })
  return { cert: `${made.toString('pem')}\n`, key }
}

function signer(key: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' })
  return webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign'])
}

/** A CA of somebody else. */
export function makeCa(name = 'another CA'): Promise<Pem> {
  return certified({ subject: [{ CN: [name] }], signs: true })
}

/** The Base64 of a certificate, as x5c has it. */
export function derOf({ cert }: Pick<Pem, 'cert'>): string {
  return cert.replace(/-----[A-Z ]+-----|\s/g, '')
}

/** The `cnf` of a token that is bound to a certificate. */
export function cnfOf({ cert }: Pick<Pem, 'cert'>) {
  const { raw } = new X509Certificate(cert)
  return { 'x5t#S256': createHash('sha256').update(raw).digest('base64url') }
}

/** Posts a form by this `fetch`. */
export async function send(
  by: typeof fetch,
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await answerOf(await by(url, { method: 'POST', headers, body: new URLSearchParams(form) }))
}

/** A request for a token of a client that only names itself. */
export function ask(by: typeof fetch, base: string, client_id = 'partner'): Promise<Answer> {
  return send(by, `${base}/token`, { grant_type: 'client_credentials', client_id })
}

/** A refusal of a client, whose description says this. */
export function invalidClient(reason: string, description: RegExp) {
  return { status: 401, error: 'invalid_client', reason, description: expect.stringMatching(description) }
}

/** What the answer says of a refusal. */
export function refusalOf({ status, headers, body }: Answer) {
  const { error, error_description } = body
  return { status, error, reason: headers.get('x-mock-reason'), description: error_description }
}
