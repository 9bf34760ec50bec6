import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { urlOf } from '../protocol/url.ts'
import {
  type Assertion,
  type AssertionUse,
  assertAudience,
  assertTimes,
  decodeAssertion,
  useOnce,
} from '../tokens/assertion.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const USE: AssertionUse = { name: 'client_assertion', reasons: 'assertion' }

/** A client assertion as it came, not verified yet. */
export interface ClientAssertion extends Assertion {
  /** Whom it claims to be. */
  readonly client_id: string | undefined
}

/**
 * The assertion of a request, if there is one. Its usual mistakes are named.
 * @see https://www.rfc-editor.org/rfc/rfc7521.html#section-4.2
 */
export function presentedAssertion(params: Params, cx: Context): ClientAssertion | undefined {
  const text = first(params, 'client_assertion')
  const type = first(params, 'client_assertion_type')
  if (text === undefined) {
    assertNotMisnamed(params, type, cx)
    return undefined
  }
  if (type === undefined) {
    enforce(
      'client_assertion',
      new OAuthError(
        'assertion.type_missing',
        `client_assertion came without client_assertion_type; add client_assertion_type=${ASSERTION_TYPE}`,
      ),
      cx,
    )
  } else if (type !== ASSERTION_TYPE) {
    enforce(
      'client_assertion',
      new OAuthError(
        'assertion.type_wrong',
        `client_assertion_type is ${shown(type)}, expected ${ASSERTION_TYPE}`,
        { detail: { value: type } },
      ),
      cx,
    )
  }
  const assertion = decodeAssertion(text, USE)
  const named = first(params, 'client_id') ?? nameIn(assertion)
  return { ...assertion, client_id: typeof named === 'string' ? named : undefined }
}

/** The client that an assertion names; one by another issuer, about somebody who is known there, names none. */
function nameIn({ claims: { iss, sub } }: Assertion): unknown {
  const isForeign = typeof iss === 'string' && urlOf(iss) !== undefined && sub !== undefined && sub !== iss
  return isForeign ? undefined : (iss ?? sub)
}

/** `assertion` belongs to the jwt-bearer grant (RFC 7523 §2.1), `client_assertion` to client authentication (§2.2). */
function assertNotMisnamed(params: Params, type: string | undefined, cx: Context): void {
  const misnamed = params.has('assertion') && first(params, 'grant_type') === 'client_credentials'
  if (type === undefined && !misnamed) return
  const what = misnamed
    ? 'the JWT came as assertion, which is a parameter of the jwt-bearer grant; to authenticate a client, name it client_assertion and send client_assertion_type='
    : 'client_assertion_type came without client_assertion; send the JWT in client_assertion along with client_assertion_type='
  enforce('client_assertion', new OAuthError('assertion.missing', `${what}${ASSERTION_TYPE}`), cx)
}

export interface Verification {
  readonly cx: Context
  readonly verifySignature: (assertion: Assertion, client: ClientConfig, cx: Context) => Promise<void>
}

/**
 * Verifies an assertion's signature, then its claims; its `jti` is used up last, so that a bad one burns nothing.
 * @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3
 */
export async function verifyAssertion(
  assertion: Assertion,
  client: ClientConfig,
  { cx, verifySignature }: Verification,
): Promise<void> {
  assertAlgorithm(assertion, client)
  await verifySignature(assertion, client, cx)
  assertParty(assertion, client, cx)
  assertAudience(assertion, cx)
  await useOnce(assertion, client.client_id, { cx, until: assertTimes(assertion, cx) })
}

function assertAlgorithm({ alg }: Assertion, client: ClientConfig): void {
  const registered = client.token_endpoint_auth_signing_alg
  if (registered === undefined || registered === alg) return
  throw new OAuthError(
    'assertion.alg',
    `client_assertion is signed with ${alg}, client ${client.client_id} registered token_endpoint_auth_signing_alg ${registered}`,
  )
}

/** `iss` and `sub` MUST both be the client_id, OpenID Connect Core §9. */
function assertParty({ claims }: Assertion, client: ClientConfig, cx: Context): void {
  for (const name of ['iss', 'sub']) {
    const value = claims[name]
    if (value === client.client_id) continue
    const came = value === undefined ? 'is missing' : `is ${shown(value)}`
    const error = new OAuthError(
      'assertion.iss_sub_mismatch',
      `${name} of client_assertion ${came}, expected the client_id ${client.client_id}: iss and sub both name the client`,
      {
        detail: { client_id: client.client_id, claim: name },
      },
    )
    enforce('client_assertion', error, cx)
  }
}
