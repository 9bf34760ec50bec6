/** What has to fit together in client metadata, though each member alone is right. */
import { CERTIFICATE_NAMES } from '../protocol/certificate_names.ts'
import { oneOf } from '../protocol/errors.ts'
import { grantsOfResponseType, signsIn, sortedWords } from '../protocol/response_types.ts'
import type { Registered } from './defaults.ts'
import { refusal } from './reader.ts'
import { needsPublicKey } from './secret.ts'

/** What is wrong, and with which member; undefined where nothing is. */
type Rule = (metadata: Registered) => readonly [name: string, text: string] | undefined

/** @throws OAuthError registration.* with the first rule that is broken */
export function assertConsistent(metadata: Registered): void {
  for (const rule of RULES) {
    const broken = rule(metadata)
    if (broken !== undefined) throw refusal(broken[0], broken[1])
  }
}

/** MUST register redirect URIs. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
const redirectUris: Rule = ({ grant_types, redirect_uris = [] }) => {
  if (!signsIn(grant_types) || redirect_uris.length > 0) return undefined
  const why = 'the grant types authorization_code and implicit need one at least'
  return ['redirect_uris', `redirect_uris is missing; ${why}`]
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1 */
const responseTypes: Rule = ({ response_types, grant_types }) => {
  for (const type of response_types) {
    const missing = grantsOfResponseType(sortedWords(type)).filter((grant) => !grant_types.includes(grant))
    if (missing.length === 0) continue
    const what = `response type ${type} needs the grant type ${missing.join(' and ')}`
    return ['response_types', `${what}, grant_types has ${grant_types.join(', ') || 'none'}; add it there`]
  }
  return undefined
}

const publicClient: Rule = ({ token_endpoint_auth_method, grant_types }) => {
  if (token_endpoint_auth_method !== 'none' || !grant_types.includes('client_credentials')) return undefined
  // MUST only be used by confidential clients, RFC 6749 §4.4.
  const text = 'token_endpoint_auth_method none does not go with the grant type client_credentials'
  return ['token_endpoint_auth_method', `${text}; register a method that proves who the client is`]
}

/** jwks and jwks_uri MUST NOT be used together. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
const oneKeySet: Rule = ({ jwks, jwks_uri }) =>
  jwks === undefined || jwks_uri === undefined
    ? undefined
    : ['jwks_uri', 'jwks and jwks_uri came together; register one of them']

const publicKey: Rule = (metadata) => {
  const why = needsPublicKey(metadata)
  if (why === undefined || metadata.jwks !== undefined || metadata.jwks_uri !== undefined) return undefined
  return ['jwks', `${why} needs a public key of the client; register jwks or jwks_uri`]
}

/** The kind of key that a method signs assertions with. @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication */
const assertionAlg: Rule = ({ token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: alg }) => {
  if (alg === undefined) return undefined
  const fitting = alg.startsWith('HS') ? 'client_secret_jwt' : 'private_key_jwt'
  if (method === fitting || !method.endsWith('_jwt')) return undefined
  const text = `token_endpoint_auth_signing_alg is ${alg}, which is for ${fitting}, not for ${method}`
  return ['token_endpoint_auth_signing_alg', `${text}; change one of them`]
}

/** MUST NOT be none where an ID token leaves the authorization endpoint. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
const unsignedIdToken: Rule = ({ id_token_signed_response_alg: alg, response_types }) => {
  const front = response_types.find((type) => type.split(' ').includes('id_token'))
  if (alg !== 'none' || front === undefined) return undefined
  const text = `id_token_signed_response_alg is none, but response type ${front} sends an ID token through the browser`
  return ['id_token_signed_response_alg', `${text}; register an algorithm that signs it`]
}

/** MUST have alg where it has enc. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
const encryption: Rule = (metadata) => {
  for (const what of ['id_token', 'userinfo'] as const) {
    const [alg, enc] = [`${what}_encrypted_response_alg`, `${what}_encrypted_response_enc`] as const
    if (metadata[enc] !== undefined && metadata[alg] === undefined)
      return [enc, `${enc} came without ${alg}; register both, or none`]
  }
  return undefined
}

/** MUST have the origin of a redirect URI. @see https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout */
const frontchannel: Rule = ({ frontchannel_logout_uri: uri, redirect_uris = [] }) => {
  if (uri === undefined) return undefined
  const { origin } = new URL(uri)
  if (redirect_uris.some((each) => new URL(each).origin === origin)) return undefined
  const text = `frontchannel_logout_uri is at ${origin}, where none of redirect_uris is`
  return ['frontchannel_logout_uri', `${text}; scheme, host and port have to be those of a redirect URI`]
}

/** Exactly one name for a certificate that a CA issued, and none for others. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2 */
const certificateName: Rule = (metadata) => {
  const { token_endpoint_auth_method: method } = metadata
  const [name, another] = CERTIFICATE_NAMES.filter((each) => metadata[each] !== undefined)
  const names = oneOf(CERTIFICATE_NAMES)
  if (method !== 'tls_client_auth')
    return name && [name, `${name} is for tls_client_auth, not for ${method}; change one of them`]
  if (name === undefined)
    return [CERTIFICATE_NAMES[0], `tls_client_auth needs ${names}; register one of them`]
  return another && [another, `${name} and ${another} came together; register one of ${names}`]
}

/** @see https://www.rfc-editor.org/rfc/rfc8705.html#section-6.4 */
const boundTokens: Rule = ({ tls_client_certificate_bound_access_tokens: bound, response_types }) => {
  const front = response_types.find((type) => type.split(' ').includes('token'))
  if (bound !== true || front === undefined) return undefined
  const text = `tls_client_certificate_bound_access_tokens does not go with response type ${front}, whose access token goes through the browser`
  return ['tls_client_certificate_bound_access_tokens', `${text}; leave one of them out`]
}

const RULES: readonly Rule[] = [
  redirectUris,
  responseTypes,
  publicClient,
  oneKeySet,
  publicKey,
  assertionAlg,
  unsignedIdToken,
  encryption,
  frontchannel,
  certificateName,
  boundTokens,
]
