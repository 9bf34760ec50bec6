import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type ClientConfig, type Context, endpointUrl, enforce, issuerOf } from '../context.ts'
import { because, OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Clocks differ: this much is forgiven. */
const SKEW_SECONDS = 60
const SKEW_SECONDS_TOLERANT = 300

/** A client assertion as it came, not verified yet. */
export interface Assertion {
  readonly text: string
  readonly alg: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** Whom it claims to be. */
  readonly client_id: string | undefined
}

/**
 * The assertion of a request, if there is one. Its usual mistakes are named.
 * @see https://www.rfc-editor.org/rfc/rfc7521.html#section-4.2
 */
export function presentedAssertion(params: Params, cx: Context): Assertion | undefined {
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
  const { header, claims } = decode(text)
  const named = first(params, 'client_id') ?? claims['iss'] ?? claims['sub']
  return {
    text,
    header,
    claims,
    alg: textOf(header['alg']),
    client_id: typeof named === 'string' ? named : undefined,
  }
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

function decode(text: string): Pick<Assertion, 'header' | 'claims'> {
  try {
    return { header: decodeProtectedHeader(text), claims: decodeJwt(text) }
  } catch (cause) {
    throw because(
      cause,
      'assertion.malformed',
      `client_assertion is not a JWT: ${(cause as Error).message}; expected three base64url parts`,
    )
  }
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
  const exp = assertTimes(assertion, cx)
  await useOnce(assertion, client, { cx, exp })
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

/** MUST name this server: its issuer or the URL of the endpoint, RFC 7523 §3. */
function assertAudience({ claims }: Assertion, cx: Context): void {
  const aud = ([] as unknown[]).concat(claims['aud'] ?? []).map(textOf)
  const own = audiences([cx.mount], cx)
  const accepted = cx.mount === '' ? own : [...own, ...audiences(cx.tenant.paths, cx)]
  // Where tenants are found in any letter case, clients write their paths in any.
  const same = (text: string) => (cx.tenant.dialect.tenantIsGuid ? text.toLowerCase() : text)
  if (aud.some((value) => accepted.some((each) => same(each) === same(value)))) return
  const error = new OAuthError(
    'assertion.aud',
    `aud of client_assertion is ${shown(claims['aud'] ?? 'missing')}, expected ${oneOf(own)}`,
    {
      detail: { came: aud, expected: own },
    },
  )
  enforce('client_assertion', error, cx)
}

/** What is no text is shown as it came: it is no address of ours. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : shown(value)
}

/** Issuers and endpoint URLs of every face, as the issuer's host and the caller's have them. */
function audiences(mounts: readonly string[], cx: Context): string[] {
  const accepted = new Set<string>()
  for (const mount of mounts) {
    for (const issuer of [cx.bases.issuer, cx.bases.caller]) {
      for (const url of addresses({ ...cx, mount, bases: { ...cx.bases, issuer } })) accepted.add(url)
    }
  }
  return [...accepted]
}

function addresses(cx: Context): string[] {
  return cx.tenant.dialect.faces.flatMap((face) => {
    const paths = [face.endpoints.token, face.endpoints[cx.endpoint]].filter((path) => path !== undefined)
    return [issuerOf(cx, face), ...paths.map((path) => endpointUrl(cx.bases.issuer, path, cx))]
  })
}

function assertTimes(assertion: Assertion, cx: Context): number {
  const now = cx.tenant.clock.seconds()
  const skew = cx.tenant.dialect.assertionDates === 'number' ? SKEW_SECONDS : SKEW_SECONDS_TOLERANT
  const exp = numericDate(assertion, 'exp', cx)
  const nbf = numericDate(assertion, 'nbf', cx)
  if (exp === undefined) missing('exp', cx)
  else if (exp <= now - skew) {
    enforce(
      'client_assertion',
      new OAuthError(
        'assertion.expired',
        `client_assertion expired at ${exp}, it is ${now} now; make a new one for each request`,
      ),
      cx,
    )
  }
  if (nbf !== undefined && nbf > now + skew) {
    enforce(
      'client_assertion',
      new OAuthError(
        'assertion.not_yet_valid',
        `client_assertion is valid from ${nbf}, it is ${now} now; compare the clocks`,
      ),
      cx,
    )
  }
  return Math.max(exp ?? 0, now) + skew
}

/** A NumericDate; some Microsoft libraries write it as a string. @see https://www.rfc-editor.org/rfc/rfc7519.html#section-2 */
function numericDate({ claims }: Assertion, name: 'exp' | 'nbf', cx: Context): number | undefined {
  const value = claims[name]
  const tolerant = cx.tenant.dialect.assertionDates === 'number or string'
  const date = tolerant && typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (date === undefined || (typeof date === 'number' && Number.isFinite(date))) return date
  throw new OAuthError(
    'assertion.malformed',
    `${name} of client_assertion is ${shown(value)}, expected a number of seconds since 1970`,
  )
}

function missing(claim: string, cx: Context): void {
  enforce(
    'client_assertion',
    new OAuthError(
      'assertion.claim_missing',
      `client_assertion has no ${claim}, which OpenID Connect Core section 9 requires`,
      { detail: { claim } },
    ),
    cx,
  )
}

async function useOnce(
  { claims }: Assertion,
  client: ClientConfig,
  { cx, exp }: { cx: Context; exp: number },
): Promise<void> {
  const jti = claims['jti']
  if (typeof jti !== 'string' || jti === '') return missing('jti', cx)
  if (await cx.tenant.store.add('assertion_jti', `${client.client_id} ${jti}`, true, exp)) return
  const error = new OAuthError(
    'assertion.replayed',
    `client_assertion with jti ${shown(jti)} was used before; make a new one with a new jti for each request`,
  )
  enforce('assertion_replay', error, cx)
}
