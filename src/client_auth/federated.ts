/** Workload identity: somebody else vouches for a client, which needs no secret of its own. */
import { verifyWithClientKeys } from '../client_keys/verify.ts'
import type { ClientConfig, Context } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { type Assertion, assertTimes, audienceOf } from '../tokens/assertion.ts'
import { isSignedBy, tenantsIssuing } from '../tokens/issuing_tenant.ts'

type Credential = ClientConfig['federated_credentials'][number]

const SIGNATURE = 'federated.signature'

const BLAME = { what: 'client_assertion', noKey: SIGNATURE, signature: SIGNATURE } as const

/** Whether an assertion can be one of the client's other issuers: one of its own says that the client itself issued it. */
export function isFederated({ claims }: Assertion, client: ClientConfig): boolean {
  return client.federated_credentials.length > 0 && claims['iss'] !== client.client_id
}

/**
 * Verifies that one of the client's federated credentials is meant, and that its issuer signed it, in time. It may come
 * again and again: a workload shows the same token until it expires, and few have a `jti`.
 * @throws OAuthError federated.*, assertion.*
 * @see https://www.rfc-editor.org/rfc/rfc7521.html#section-3
 */
export async function verifyFederated(
  assertion: Assertion,
  client: ClientConfig,
  cx: Context,
): Promise<void> {
  const credential = credentialFor(assertion, client)
  assertSigned(assertion)
  await verifySignature(assertion, { ...credential, client_id: client.client_id }, cx)
  assertTimes(assertion, cx)
}

/** That somebody signed it is said of it even where nobody here can tell who did. */
function assertSigned({ alg, text }: Assertion): void {
  if (alg.toLowerCase() !== 'none' && !text.endsWith('.')) return
  throw new OAuthError('assertion.alg', `client_assertion is not signed (alg ${shown(alg)})`)
}

/** The credential whose issuer, subject and audience the assertion has, each byte for byte. */
function credentialFor(assertion: Assertion, { client_id, federated_credentials }: ClientConfig): Credential {
  const aud = audienceOf(assertion)
  const { iss, sub } = assertion.claims
  const steps = [
    ['issuer', iss, (each: Credential) => each.issuer === iss],
    ['subject', sub, (each: Credential) => each.subject === sub],
    ['audience', assertion.claims['aud'], (each: Credential) => aud.includes(each.audience)],
  ] as const
  let left = federated_credentials
  for (const [name, value, fits] of steps) {
    const expected = oneOf(new Set(left.map((each) => each[name])))
    left = left.filter(fits)
    if (left.length > 0) continue
    const came = shown(value ?? 'missing')
    throw new OAuthError(
      `federated.${name}`,
      `the ${name} of client_assertion is ${came}, client ${client_id} has federated_credentials with ${expected}`,
      { detail: { client_id, came } },
    )
  }
  return left[0] as Credential
}

type Vouched = Credential & Pick<ClientConfig, 'client_id'>

/** By the configured keys, else by the own keys where the issuer is a tenant here, else not at all: there may be no network. */
async function verifySignature(assertion: Assertion, credential: Vouched, cx: Context): Promise<void> {
  const { issuer, jwks, jwks_uri } = credential
  if (jwks !== undefined || jwks_uri !== undefined)
    return verifyWithClientKeys(assertion, credential, { cx, blame: BLAME })
  const tenants = tenantsIssuing(issuer, cx)
  if (tenants.length === 0) {
    const text = `the signature of client_assertion was not verified: no keys of ${issuer} are known; give its federated credential jwks or jwks_uri`
    cx.exchange.notes.push({ level: 'warn', check: 'client_assertion', text })
    return
  }
  if (await isSignedBy(tenants, assertion, cx)) return
  throw new OAuthError(
    SIGNATURE,
    `client_assertion says that ${issuer} issued it, which is ${oneOf(tenants.map(({ name }) => `tenant ${name}`))} of this provider, and none of its keys made the signature`,
  )
}
