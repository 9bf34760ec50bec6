import { grantsOfResponseType, responseTypesOf } from '../protocol/response_types.ts'
import type { CheckContext, DraftClient, PathIn } from './check_rules.ts'
import { grantTypesOf } from './grant_types.ts'

const HTTP = /^https?:/i

/** How users sign in to a client: what it may ask for fits together, and the places to go to are known. */
export function checkClientLogin(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const redirectUris = redirectUrisIn(client)
  const grants = grantsOf(client, redirectUris)
  if (grants !== undefined) {
    if (redirectUris?.length === 0) missingRedirectUri(grants, pathIn, cx)
    checkResponseTypes(client, { grants, pathIn }, cx)
    unsignedIdToken(client, { grants, pathIn }, cx)
  }
  if (redirectUris !== undefined) {
    checkSector(client, { redirectUris, pathIn }, cx)
    checkFrontchannel(client, { redirectUris, pathIn }, cx)
  }
}

/** Those of every type; of what is wrong nothing is known. */
function redirectUrisIn(client: DraftClient): readonly string[] | undefined {
  const others = known(client.redirect_uris)
  if (!('entra' in client)) return others
  const spa = known(client.entra?.spa_redirect_uris)
  return others && spa && [...others, ...spa]
}

function grantsOf(
  client: DraftClient,
  redirect_uris: readonly string[] | undefined,
): readonly string[] | undefined {
  if ('grant_types' in client) return known(client.grant_types)
  return redirect_uris && grantTypesOf({ redirect_uris })
}

/** A list without wrong values; with one in it nothing is held against it. */
function known(list: readonly (string | undefined)[] | undefined): readonly string[] | undefined {
  return list === undefined || list.includes(undefined) ? undefined : (list as readonly string[])
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
function missingRedirectUri(grants: readonly string[], pathIn: PathIn, cx: CheckContext): void {
  const index = grants.findIndex((grant) => grant === 'authorization_code' || grant === 'implicit')
  if (index < 0) return
  const message = `${grants[index]} needs redirect_uris: add redirect_uris: ["http://localhost:3000/callback"], or wherever the client takes users back`
  cx.findings.push({ path: pathIn('grant_types', index), message })
}

interface Grants {
  readonly grants: readonly string[]
  readonly pathIn: PathIn
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1 */
function checkResponseTypes(
  { response_types = [] }: DraftClient,
  { grants, pathIn }: Grants,
  cx: CheckContext,
): void {
  for (const [index, type] of response_types.entries()) {
    const missing = grantsOfResponseType(type ?? '').filter((grant) => !grants.includes(grant))
    if (missing.length === 0) continue
    const message = `${type} needs ${missing.join(' and ')}: add ${missing.length > 1 ? 'them' : 'it'} to grant_types`
    cx.findings.push({ path: pathIn('response_types', index), message })
  }
}

/** `none` MUST NOT be used where the authorization endpoint returns ID tokens. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
function unsignedIdToken(client: DraftClient, { grants, pathIn }: Grants, cx: CheckContext): void {
  const key = 'id_token_signed_response_alg'
  if (client[key] !== 'none') return
  const types = 'response_types' in client ? client.response_types : responseTypesOf(grants)
  const type = types?.find((each) => each?.split(' ').includes('id_token'))
  if (type === undefined) return
  const message = `none is not allowed with response type ${type}: ID tokens of the authorization endpoint are signed`
  cx.findings.push({ path: pathIn(key), message })
}

interface Redirects {
  readonly redirectUris: readonly string[]
  readonly pathIn: PathIn
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg */
function checkSector(client: DraftClient, { redirectUris, pathIn }: Redirects, cx: CheckContext): void {
  if (client.subject_type !== 'pairwise' || 'sector_identifier_uri' in client) return
  const hosts = new Set(redirectUris.map((uri) => new URL(uri).hostname || new URL(uri).protocol))
  if (hosts.size < 2) return
  const message = `redirect_uris are on several hosts (${[...hosts].join(', ')}): pairwise needs sector_identifier_uri`
  cx.findings.push({ path: pathIn('subject_type'), message })
}

/** Scheme, host and port MUST be those of a redirect URI. @see https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout */
function checkFrontchannel(client: DraftClient, { redirectUris, pathIn }: Redirects, cx: CheckContext): void {
  const key = 'frontchannel_logout_uri'
  const uri = client[key]
  if (uri === undefined) return
  const { origin } = new URL(uri)
  const origins = new Set(redirectUris.filter((each) => HTTP.test(each)).map((each) => new URL(each).origin))
  if (origins.has(origin)) return
  const message = `${origin} is not the origin of a redirect URI: scheme, host and port must be those of one of redirect_uris`
  cx.findings.push({ path: pathIn(key), message, name: origin, among: origins, list: 'origins' })
}
