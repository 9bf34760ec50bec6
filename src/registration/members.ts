/** The members of client metadata, each with what it may be. What is not here is ignored. */
import { contentEncryptions, encryptionAlgs } from '../keys/encryption.ts'
import { RESPONSE_TYPES, sortedWords } from '../protocol/response_types.ts'
import { certificateMembers } from './certificate_members.ts'
import { publicKeys } from './public_keys.ts'
import { flag, list, named, type Reader, scope, seconds, text, unfit, unsupported } from './reader.ts'
import type { Algs, Supported } from './supported.ts'
import { initiateLoginUri, redirectUri, requestUri, webUrl } from './uris.ts'

/** Members that may come once more for each language, as `client_name#fi`. */
const LOCALIZED = {
  client_name: text,
  client_uri: webUrl,
  logo_uri: webUrl,
  policy_uri: webUrl,
  tos_uri: webUrl,
}

const NO_DECRYPTION = unsupported('but this provider does not decrypt request objects')

/**
 * A reader for each member.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
 */
function readers({ grants, clientAuthMethods, certificates }: Supported, { ours, theirs }: Algs) {
  const encryption = named(encryptionAlgs)
  const content = named(contentEncryptions)
  return {
    redirect_uris: list(redirectUri),
    response_types: list(responseType),
    grant_types: list(named(grants)),
    application_type: named(['web', 'native']),
    contacts: list(text),
    ...LOCALIZED,
    jwks_uri: webUrl,
    jwks: publicKeys,
    sector_identifier_uri: webUrl,
    subject_type: named(['public', 'pairwise']),
    id_token_signed_response_alg: named([...ours, 'none']),
    id_token_encrypted_response_alg: encryption,
    id_token_encrypted_response_enc: content,
    userinfo_signed_response_alg: named([...ours, 'none']),
    userinfo_encrypted_response_alg: encryption,
    userinfo_encrypted_response_enc: content,
    request_object_signing_alg: named([...theirs, 'none']),
    request_object_encryption_alg: NO_DECRYPTION,
    request_object_encryption_enc: NO_DECRYPTION,
    token_endpoint_auth_method: named(clientAuthMethods),
    token_endpoint_auth_signing_alg: named(theirs),
    ...certificateMembers(certificates),
    introspection_signed_response_alg: named(ours.filter((alg) => !alg.startsWith('HS'))),
    default_max_age: seconds,
    require_auth_time: flag,
    default_acr_values: list(text),
    initiate_login_uri: initiateLoginUri,
    request_uris: list(requestUri),
    post_logout_redirect_uris: list(redirectUri),
    frontchannel_logout_uri: webUrl,
    frontchannel_logout_session_required: flag,
    backchannel_logout_uri: webUrl,
    backchannel_logout_session_required: flag,
    scope,
    software_id: text,
    software_version: text,
  }
}

type Read = ReturnType<typeof readers>

/** What a client registered, as it wrote it. */
export type Metadata = { readonly [K in keyof Read]?: ReturnType<Read[K]> } & {
  readonly [name: `${keyof typeof LOCALIZED}#${string}`]: string
}

/** One of the response types, its words in any order. */
function responseType(value: unknown, at: string): string {
  const known = named(RESPONSE_TYPES)
  if (typeof value !== 'string') throw unfit(at, value, 'a response type as a string')
  known(RESPONSE_TYPES.includes(sortedWords(value)) ? sortedWords(value) : value, at)
  return value
}

/** @throws OAuthError registration.* for a member that is not what it may be; `null` stands for none */
export function readMembers(
  body: Readonly<Record<string, unknown>>,
  supported: Supported,
  algs: Algs,
): Metadata {
  const all: Readonly<Record<string, Reader<unknown>>> = readers(supported, algs)
  const metadata: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    const read = readerOf(name, all)
    if (read !== undefined && value !== null) metadata[name] = read(value, name)
  }
  return metadata as Metadata
}

const LANGUAGE_TAG = /^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,8}$/

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.2 */
function readerOf(name: string, all: Readonly<Record<string, Reader<unknown>>>): Reader<unknown> | undefined {
  const [base = '', ...tags] = name.split('#')
  const table = tags.length === 0 ? all : (LOCALIZED as Readonly<Record<string, Reader<unknown>>>)
  const isTagged = tags.length === 1 && LANGUAGE_TAG.test(tags[0] ?? '')
  return (tags.length === 0 || isTagged) && Object.hasOwn(table, base) ? table[base] : undefined
}
