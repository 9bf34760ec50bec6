/** What discovery tells of signing users in. */
import { challengeMethods } from '../authorization/code_challenge.ts'
import { prompts } from '../authorization/prompt.ts'
import { responseModes, saysIssuer } from '../authorization/reply.ts'
import { requestObjectAlgs } from '../authorization/request_object.ts'
import type { ClientConfig, Context } from '../context.ts'
import { contentEncryptions, encryptionAlgs } from '../keys/encryption.ts'
import { secretAlgs } from '../keys/sign.ts'
import { logoutMetadata } from '../logout/metadata.ts'
import { type Member, membersOf } from '../protocol/json.ts'
import { OPENID_SCOPES } from '../protocol/standard_claims.ts'
import { claimNames } from '../users/claims.ts'

export const subjectTypes: readonly string[] = ['public', 'pairwise']

/** A document for people and clients, not a dump of a generated configuration. */
const MOST_SCOPES = 200

/** What tokens say beside the claims of a user. @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
const TOKEN_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'azp', 'sid']

/** Whether users can sign in at this face. */
export function signsIn({ face }: Context): boolean {
  return face.endpoints.authorization !== undefined
}

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export function signInMetadata(cx: Context): Member[] {
  const encryption = { alg: encryptionAlgs, enc: contentEncryptions }
  return membersOf({
    response_modes_supported: responseModes,
    code_challenge_methods_supported: challengeMethods,
    prompt_values_supported: prompts,
    acr_values_supported: cx.tenant.config.login.acr_values,
    display_values_supported: ['page', 'popup', 'touch', 'wap'],
    claim_types_supported: ['normal'],
    claims_parameter_supported: true,
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    request_object_signing_alg_values_supported: requestObjectAlgs,
    userinfo_signing_alg_values_supported: clientAlgs('userinfo_signed_response_alg', cx),
    id_token_encryption_alg_values_supported: encryption.alg,
    id_token_encryption_enc_values_supported: encryption.enc,
    userinfo_encryption_alg_values_supported: encryption.alg,
    userinfo_encryption_enc_values_supported: encryption.enc,
    authorization_response_iss_parameter_supported: saysIssuer(cx),
    ui_locales_supported: ['en'],
    ...(cx.face.endpoints.end_session === undefined ? {} : logoutMetadata),
  })
}

export function scopesSupported({ tenant, ...cx }: Context): string[] {
  const own = signsIn({ tenant, ...cx })
    ? [...OPENID_SCOPES, ...Object.keys(tenant.config.scopes)]
    : ['openid']
  return [...new Set([...own, ...tenant.registry.scopeOwners.keys()])].slice(0, MOST_SCOPES)
}

export function claimsSupported(cx: Context): string[] {
  return signsIn(cx) ? [...new Set([...TOKEN_CLAIMS, ...claimNames(cx)])] : ['sub']
}

/** The provider's own algorithms, those of client secrets, and none where a client may have registered it. */
export function clientAlgs(
  member: 'id_token_signed_response_alg' | 'userinfo_signed_response_alg',
  { tenant, face }: Context,
): string[] {
  const { clients, registration } = tenant.config
  const registered = clients.flatMap((client: ClientConfig) => client[member] ?? [])
  const registers = registration.enabled && face.endpoints.registration !== undefined
  const dynamic = registers ? [...secretAlgs, 'none'] : []
  return [...new Set([...tenant.keys.algs(), ...registered, ...dynamic])]
}
