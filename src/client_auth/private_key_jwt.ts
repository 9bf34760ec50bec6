import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { ClientConfig, Context } from '../context.ts'
import { readCertificate } from '../keys/certificate.ts'
import { OutboundError } from '../outbound.ts'
import { because, OAuthError, shown } from '../protocol/errors.ts'
import { type Assertion, verifyAssertion } from './assertion.ts'
import type { ClientAuthMethod } from './method.ts'
import { hasKeys } from './none.ts'

/**
 * A JWT signed with the client's private key; its public half is registered as `jwks`, `jwks_uri` or a certificate.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
export const privateKeyJwt: ClientAuthMethod = {
  name: 'private_key_jwt',
  proof: 'assertion',
  fits: hasKeys,
  attempt({ assertion }) {
    if (assertion === undefined || assertion.alg.startsWith('HS')) return undefined
    return {
      client_id: assertion.client_id,
      verify: (client, cx) => verifyAssertion(assertion, client, { cx, verifySignature }),
    }
  },
}

async function verifySignature(assertion: Assertion, client: ClientConfig, cx: Context): Promise<void> {
  if (assertion.alg === 'none')
    throw new OAuthError(
      'assertion.alg',
      'client_assertion is not signed (alg none); sign it with the registered key',
    )
  if (client.certificate !== undefined) return verifyByCertificate(assertion, client.certificate)
  const jwks =
    client.jwks ?? (client.jwks_uri === undefined ? undefined : await fetchJwks(client.jwks_uri, cx))
  if (jwks === undefined) {
    throw new OAuthError(
      'assertion.no_key',
      `client ${client.client_id} has no key to verify its assertion with; register jwks, jwks_uri or certificate_file`,
    )
  }
  await verifyByJwks(assertion, jwks as JSONWebKeySet)
}

async function verifyByJwks({ text, header, alg }: Assertion, jwks: JSONWebKeySet): Promise<void> {
  const kids = jwks.keys.map(({ kid }) => kid ?? '(no kid)').join(', ')
  const { kid } = header
  const candidates = jwks.keys.filter(
    (key) => (kid === undefined || key.kid === undefined || key.kid === kid) && key.use !== 'enc',
  )
  if (candidates.length === 0) {
    throw new OAuthError(
      'assertion.no_key',
      `client_assertion has kid ${shown(kid)}, the client's registered keys are ${kids}`,
    )
  }
  for (const key of candidates) {
    const set = createLocalJWKSet({ keys: [{ ...key, kid: undefined as unknown as string }] })
    if (
      await compactVerify(text, (given, token) =>
        set({ ...given, kid: undefined as unknown as string }, token),
      ).then(
        () => true,
        () => false,
      )
    )
      return
  }
  throw wrongSignature(alg, `any registered key (${kids})`)
}

async function verifyByCertificate({ text, header, alg }: Assertion, pem: string): Promise<void> {
  const certificate = readCertificate(pem)
  for (const name of ['x5t', 'x5t#S256'] as const) {
    const came = header[name]
    if (came === undefined || String(came).replace(/=+$/, '') === certificate[name]) continue
    throw new OAuthError(
      'assertion.no_key',
      `${name} of client_assertion is ${shown(came)}, the registered certificate's is ${certificate[name]}`,
      {
        detail: { thumbprint: String(came) },
      },
    )
  }
  const verified = await compactVerify(text, certificate.publicKey).then(
    () => true,
    () => false,
  )
  if (!verified) throw wrongSignature(alg, 'the registered certificate')
}

function wrongSignature(alg: string, key: string): OAuthError {
  return new OAuthError(
    'assertion.signature',
    `the ${alg} signature of client_assertion does not verify with ${key}; sign with the private half of what is registered`,
  )
}

async function fetchJwks(uri: string, cx: Context): Promise<JSONWebKeySet> {
  try {
    const jwks = JSON.parse(await cx.tenant.outbound.fetchText(uri)) as Partial<JSONWebKeySet> | null
    if (!Array.isArray(jwks?.keys)) throw new OutboundError(`${uri}: no keys member; expected a JWKS`)
    return { keys: jwks.keys.filter((key) => typeof key === 'object' && key !== null) }
  } catch (cause) {
    throw because(
      cause,
      'assertion.no_key',
      `the client's jwks_uri gave no keys: ${(cause as Error).message}`,
    )
  }
}
