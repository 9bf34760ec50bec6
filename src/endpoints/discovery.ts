import { clientAuthMethodsAt } from '../client_auth/authenticate.ts'
import { type Advertised, type Context, endpointUrl, facts, issuerOf } from '../context.ts'
import { bend } from '../hooks.ts'
import { signingAlgs } from '../keys/algorithms.ts'
import { type Member, type Members, membersOf, objectOf } from '../protocol/json.ts'
import { json, REVALIDATE } from '../protocol/messages.ts'
import { RESPONSE_TYPES } from '../protocol/response_types.ts'
import type { Endpoint } from './endpoint.ts'
import {
  claimsSupported,
  clientAlgs,
  scopesSupported,
  signInMetadata,
  signsIn,
  subjectTypes,
} from './sign_in_metadata.ts'
import { grantTypesAt } from './token.ts'

/** Browsers reach the provider where `public_url` says, servers where they just did. */
const BASES = { front: 'front', back: 'caller' } as const

const HS = ['HS256', 'HS384', 'HS512']

/**
 * Provider metadata, computed from what is really served.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2
 */
export const discovery: Endpoint = {
  name: 'discovery',
  methods: ['GET'],
  cors: true,
  async answer(_request, cx) {
    const at = { endpoint: cx.endpoint, face: cx.face.name, facts: facts(cx) }
    return json(200, bend('metadata', cx.tenant.hooks, metadata(cx), at), REVALIDATE)
  },
}

function metadata(cx: Context): Members {
  return [
    ...membersOf({ issuer: issuerOf(cx) }),
    ...endpointUrls(cx.tenant.advertised, cx.bases, cx),
    ...membersOf({
      grant_types_supported: [...grantTypesAt(cx.face), ...(signsIn(cx) ? ['implicit'] : [])],
      // REQUIRED, RFC 8414 §2, also where nothing leaves an authorization endpoint.
      response_types_supported: signsIn(cx) ? RESPONSE_TYPES : [],
      subject_types_supported: subjectTypes,
      id_token_signing_alg_values_supported: clientAlgs('id_token_signed_response_alg', cx),
      scopes_supported: scopesSupported(cx),
      claims_supported: claimsSupported(cx),
    }),
    ...(signsIn(cx) ? signInMetadata(cx) : []),
    ...authMethods('token', cx),
    ...authMethods('introspection', cx),
    ...authMethods('revocation', cx),
    ...membersOf({
      introspection_signing_alg_values_supported:
        cx.face.endpoints.introspection === undefined ? undefined : cx.tenant.keys.algs(),
    }),
    ...mutualTls(cx),
  ]
}

function endpointUrls(
  advertised: readonly Advertised[],
  bases: Pick<Context['bases'], 'front' | 'caller'>,
  cx: Context,
): Member[] {
  return advertised.flatMap(({ name, member, channel, isServed }) => {
    const path = cx.face.endpoints[name]
    return path === undefined || isServed?.(cx.tenant) === false
      ? []
      : membersOf({ [member]: endpointUrl(bases[BASES[channel]], path, cx) })
  })
}

/**
 * Where clients come with a certificate.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-5
 */
function mutualTls(cx: Context): Member[] {
  const { mtls } = cx.bases
  if (mtls === undefined) return []
  const called = cx.tenant.advertised.filter(
    ({ channel, member }) => channel === 'back' && member.endsWith('_endpoint'),
  )
  const aliases = endpointUrls(called, { front: mtls, caller: mtls }, cx)
  return membersOf({
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: objectOf(aliases),
  })
}

function authMethods(endpoint: 'token' | 'introspection' | 'revocation', cx: Context): Member[] {
  if (cx.face.endpoints[endpoint] === undefined) return []
  const usable = clientAuthMethodsAt(cx)
  // Introspection is not for public clients, RFC 7662 §2.1.
  const methods = endpoint === 'introspection' ? usable.filter((method) => method !== 'none') : usable
  return membersOf({
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: [...signingAlgs, ...HS],
  })
}
