/** Request objects: authorization requests that come as a JWT, by value or by reference. */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type Blame, verifiesWithSecret, verifyWithClientKeys } from '../client_keys/verify.ts'
import { type ClientConfig, type Context, issuerOf } from '../context.ts'
import { signingAlgs } from '../keys/algorithms.ts'
import { secretAlgs } from '../keys/sign.ts'
import { because, OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first, type Params, withParam } from '../protocol/params.ts'
import { sortedWords } from '../protocol/response_types.ts'
import { isOwnIssuer } from '../tokens/own_jwt.ts'
import { type Claims, parametersIn } from './request_object_parameters.ts'

/** Every `alg` that a request object may be signed with. */
export const requestObjectAlgs: readonly string[] = [...signingAlgs, ...secretAlgs, 'none']

const WHAT = 'the request object'
const BLAME: Blame = { what: WHAT, noKey: 'request_object.signature', signature: 'request_object.signature' }
const MEDIA_TYPES = 'application/oauth-authz-req+jwt, application/jwt'

/** Clocks differ: this much is forgiven. */
const SKEW_SECONDS = 60

/** A request object as it came, not verified yet. */
interface RequestObject {
  readonly text: string
  readonly alg: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Claims
}

/**
 * The parameters of a request, those of its request object laid over those beside it; the object itself is gone from
 * them. RFC 9101 §6.3 would drop what stands beside it: OpenID Connect keeps it, and its clients count on that.
 * @throws OAuthError request_object.*, request_uri.invalid
 * @see https://openid.net/specs/openid-connect-core-1_0.html#JWTRequests
 */
export async function withRequestObject(params: Params, client: ClientConfig, cx: Context): Promise<Params> {
  const request = first(params, 'request')
  const request_uri = first(params, 'request_uri')
  if (request === undefined && request_uri === undefined) return params
  if (request !== undefined && request_uri !== undefined)
    throw new OAuthError('param.invalid', 'request and request_uri came at once; send one of them', {
      detail: { name: 'request_uri' },
    })
  const text = request ?? (await fetchObject(request_uri as string, client, cx))
  const object = read(text, request === undefined ? 'request_uri.invalid' : 'request_object.invalid')
  await verifySignature(object, client, cx)
  assertParties(object.claims, client, cx)
  assertTimes(object.claims, cx)
  assertAgrees(object.claims, params, client)
  const outside = withParam(withParam(params, 'request'), 'request_uri')
  return new Map([...outside, ...parametersIn(object.claims)])
}

/** Only what the client registered is ever fetched; http: too, which OpenID Connect Core §6.2 would refuse unsigned. */
async function fetchObject(
  uri: string,
  { client_id, request_uris }: ClientConfig,
  cx: Context,
): Promise<string> {
  // Whole strings: a fragment names the version of the document, Core §6.2, and HTTP does not send it.
  if (!request_uris.includes(uri)) {
    throw new OAuthError(
      'request_uri.invalid',
      `request_uri is ${shown(uri)}, client ${client_id} registered ${oneOf(request_uris)}; register this very one, with its fragment, under request_uris`,
      { detail: { client_id, request_uri: uri } },
    )
  }
  try {
    return (await cx.tenant.outbound.fetchText(uri, { accept: MEDIA_TYPES })).trim()
  } catch (cause) {
    throw because(
      cause,
      'request_uri.invalid',
      `request_uri gave no request object: ${(cause as Error).message}`,
    )
  }
}

function read(text: string, reason: 'request_uri.invalid' | 'request_object.invalid'): RequestObject {
  if (text.split('.').length === 5)
    throw new OAuthError(
      'request_object.invalid',
      `${WHAT} is encrypted (a JWE of five parts), which is not supported; send the signed JWT itself`,
    )
  try {
    const header = decodeProtectedHeader(text)
    if (typeof header.alg !== 'string') throw new Error('its header has no alg')
    return { text, header, alg: header.alg, claims: decodeJwt(text) }
  } catch (cause) {
    throw because(
      cause,
      reason,
      `${WHAT} is not a JWT: ${(cause as Error).message}; expected three base64url parts`,
    )
  }
}

/** Unsigned ones pass unless the client registered an `alg`: RFC 9101 §4 forbids them, OpenID Connect Core §6.1 does not. */
async function verifySignature(object: RequestObject, client: ClientConfig, cx: Context): Promise<void> {
  const { alg, text } = object
  const registered = client.request_object_signing_alg
  if (registered !== undefined && alg !== registered)
    throw new OAuthError(
      'request_object.signature',
      `${WHAT} has alg ${shown(alg)}, client ${client.client_id} registered request_object_signing_alg ${registered}`,
    )
  if (alg === 'none') return assertUnsigned(object)
  if (!secretAlgs.includes(alg)) return verifyWithClientKeys(object, client, { cx, blame: BLAME })
  if (await verifiesWithSecret(text, client)) return
  throw new OAuthError(
    'request_object.signature',
    client.secrets.length === 0
      ? `${WHAT} is signed with ${alg}, but client ${client.client_id} has no secret; sign it with the client's private key`
      : `the ${alg} signature of ${WHAT} does not match; the key is the client secret's UTF-8 octets, as they are in the configuration`,
  )
}

/** @see https://www.rfc-editor.org/rfc/rfc7519.html#section-6 */
function assertUnsigned({ text, header }: RequestObject): void {
  if (!text.endsWith('.'))
    throw new OAuthError(
      'request_object.signature',
      `${WHAT} has alg none and a signature; leave its third part empty, or name the alg that signed it`,
    )
  // RFC 7515 §4.1.11: what is not understood MUST be refused, and nothing is.
  if (header['crit'] !== undefined)
    throw new OAuthError('request_object.invalid', `${WHAT} has crit, and no extension is understood here`)
}

/** @see https://www.rfc-editor.org/rfc/rfc9101.html#section-4 */
function assertParties({ iss, aud }: Claims, { client_id }: ClientConfig, cx: Context): void {
  if (iss !== undefined && iss !== client_id)
    throw invalid('iss', iss, `the client_id ${client_id}: the client issues its request objects`)
  if (aud === undefined || [aud].flat().some((value) => isOwnIssuer(value, cx))) return
  throw invalid('aud', aud, `the issuer ${issuerOf(cx)}`)
}

function assertTimes({ exp, nbf }: Claims, cx: Context): void {
  const now = cx.tenant.clock.seconds()
  for (const [name, value] of Object.entries({ exp, nbf })) {
    if (value !== undefined && typeof value !== 'number')
      throw invalid(name, value, 'a number of seconds since 1970')
  }
  if (typeof exp === 'number' && exp <= now - SKEW_SECONDS)
    throw invalid('exp', exp, `a time to come, it is ${now} now; make a new one for each request`)
  if (typeof nbf === 'number' && nbf > now + SKEW_SECONDS)
    throw invalid('nbf', nbf, `a time past, it is ${now} now; compare the clocks`)
}

/** Beside an object stand these two, for OAuth's sake, and MUST be the same; another object inside MUST NOT be. */
function assertAgrees(claims: Claims, params: Params, { client_id }: ClientConfig): void {
  for (const name of ['request', 'request_uri']) {
    if (claims[name] !== undefined)
      throw new OAuthError(
        'request_object.invalid',
        `${WHAT} holds ${name}; put the parameters themselves into it (RFC 9101 section 4)`,
      )
  }
  if (claims['client_id'] !== undefined && claims['client_id'] !== client_id)
    throw invalid('client_id', claims['client_id'], `${client_id} as beside it`)
  const [outside, inside] = [first(params, 'response_type'), claims['response_type']]
  if (outside === undefined || inside === undefined) return
  if (typeof inside !== 'string' || sortedWords(inside) !== sortedWords(outside))
    throw invalid('response_type', inside, `${shown(outside)} as beside it`)
}

function invalid(name: string, came: unknown, expected: string): OAuthError {
  return new OAuthError(
    'request_object.invalid',
    `${name} of ${WHAT} is ${shown(came)}, expected ${expected}`,
    {
      detail: { name },
    },
  )
}
