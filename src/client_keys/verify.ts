/** Verifies what a client signed, by what it registered: its public keys or its secret. */
import { type CompactVerifyGetKey, compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { ClientConfig, Context } from '../context.ts'
import { readCertificate } from '../keys/certificate.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'
import { clientJwks } from './client_jwks.ts'

/** A JWS that a client made, read but not verified. */
export interface ClientJws {
  readonly text: string
  readonly alg: string
  readonly header: Readonly<Record<string, unknown>>
}

/** What a refusal calls the JWS, and the reasons that it gives. */
export interface Blame {
  readonly what: string
  readonly noKey: Reason
  readonly signature: Reason
}

interface Verification {
  readonly cx: Context
  readonly blame: Blame
}

/**
 * Verifies a signature by the client's `jwks`, `jwks_uri` or certificate; an `alg` that is not a key pair's never does.
 * @throws OAuthError of the reasons of `blame`
 * @see https://www.rfc-editor.org/rfc/rfc7515.html#section-5.2
 */
export async function verifyWithClientKeys(
  jws: ClientJws,
  client: Pick<ClientConfig, 'client_id' | 'jwks' | 'jwks_uri' | 'certificate'>,
  { cx, blame }: Verification,
): Promise<void> {
  if (client.certificate !== undefined) return verifyByCertificate(jws, client.certificate, blame)
  const jwks = await clientJwks(client, blame.noKey, cx)
  if (jwks !== undefined) return verifyByJwks(jws, jwks, blame)
  throw new OAuthError(
    blame.noKey,
    `client ${client.client_id} has no key to verify ${blame.what} with; register jwks, jwks_uri or certificate_file`,
  )
}

/** Whether one of the client's secrets is the key of an HMAC. @see https://openid.net/specs/openid-connect-core-1_0.html#Signing */
export async function verifiesWithSecret(text: string, { secrets }: ClientConfig): Promise<boolean> {
  for (const secret of secrets) {
    if (await verifies(compactVerify(text, Buffer.from(secret, 'utf8')))) return true
  }
  return false
}

async function verifyByJwks(
  { text, header, alg }: ClientJws,
  jwks: JSONWebKeySet,
  blame: Blame,
): Promise<void> {
  const kids = jwks.keys.map(({ kid }) => kid ?? '(no kid)').join(', ')
  const { kid } = header
  const candidates = jwks.keys.filter(
    (key) => (kid === undefined || key.kid === undefined || key.kid === kid) && key.use !== 'enc',
  )
  if (candidates.length === 0) {
    throw new OAuthError(
      blame.noKey,
      `${blame.what} has kid ${shown(kid)}, the client's registered keys are ${kids}`,
    )
  }
  for (const key of candidates) {
    // The kid was compared above, where a key without one fits too.
    const set = createLocalJWKSet({ keys: [{ ...key, kid: undefined as unknown as string }] })
    const withoutKid: CompactVerifyGetKey = (given, token) =>
      set({ ...given, kid: undefined as unknown as string }, token)
    if (await verifies(compactVerify(text, withoutKid))) return
  }
  throw wrongSignature(alg, `any registered key (${kids})`, blame)
}

async function verifyByCertificate(
  { text, header, alg }: ClientJws,
  pem: string,
  blame: Blame,
): Promise<void> {
  const certificate = readCertificate(pem)
  for (const name of ['x5t', 'x5t#S256'] as const) {
    const came = header[name]
    if (came === undefined || (typeof came === 'string' && came.replace(/=+$/, '') === certificate[name]))
      continue
    throw new OAuthError(
      blame.noKey,
      `${name} of ${blame.what} is ${shown(came)}, the registered certificate's is ${certificate[name]}`,
      { detail: { thumbprint: typeof came === 'string' ? came : shown(came) } },
    )
  }
  if (await verifies(compactVerify(text, certificate.publicKey))) return
  throw wrongSignature(alg, 'the registered certificate', blame)
}

function wrongSignature(alg: string, key: string, { what, signature }: Blame): OAuthError {
  return new OAuthError(
    signature,
    `the ${alg} signature of ${what} does not verify with ${key}; sign with the private half of what is registered`,
  )
}

function verifies(verification: Promise<unknown>): Promise<boolean> {
  return verification.then(
    () => true,
    () => false,
  )
}
