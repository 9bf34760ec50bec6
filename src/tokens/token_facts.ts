/** Everything that the claims of a token can be made of, and where each came from. */
import {
  type ClientConfig,
  type Context,
  facts,
  issuerOf,
  type ResourceConfig,
  type UserConfig,
} from '../context.ts'
import { NO_CLAIMS } from '../protocol/claims_request.ts'
import { type Members, membersOf, without } from '../protocol/json.ts'
import { uuidOf } from '../protocol/uuid.ts'
import { claimsFor } from '../users/claims.ts'
import { groupIds } from '../users/groups.ts'
import { localSubject, subjectAt } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import type { Audience } from './audience.ts'
import { refreshLifetime } from './refresh_token.ts'
import type { AccessTokenRequest } from './request.ts'
import type { Settings } from './settings.ts'

export interface Decided {
  readonly audience: Audience
  readonly scopes: readonly string[]
  readonly settings: Settings
}

export function tokenFacts(
  request: AccessTokenRequest,
  { audience, scopes, settings }: Decided,
  cx: Context,
): Record<string, unknown> {
  const { client, params, grant_type, over } = request
  const { tenant } = cx
  const iat = tenant.clock.seconds()
  const user = request.grant && userOf(request.grant.login, cx)
  const registered = user === undefined ? client.roles : user.roles
  const roles = splitRoles({ asked: over?.roles, registered }, audience.resources, cx)
  const resource = audience.resources[0]
  const application = applicationOf(audience, cx)
  const subject =
    user === undefined ? clientSubject(client, cx) : subjectAt(user, { client, application }, cx)
  const param = Object.fromEntries([...params].map(([name, values]) => [name, values[0]]))
  return facts(cx, {
    iat,
    exp: iat + settings.lifetime,
    expires_in: settings.lifetime,
    jti: tenant.random.token(32),
    kind: user === undefined ? 'client' : 'user',
    user,
    login: request.grant?.login,
    issuers: issuersOf(cx),
    client: { client_id: client.client_id, client_name: client.client_name, proof: request.proof },
    sub: subject,
    local_sub: user && localSubject(user, tenant.seed),
    group_ids: () => (user === undefined ? [] : groupIds(user, tenant.seed)),
    grant_type,
    refresh_until: request.grant?.refresh_until,
    refresh_expires_in: refreshLifetime(client, cx),
    param,
    aud: audience.aud,
    // Some providers leave `aud` out, or say something of their own, where nobody named an audience.
    declared_aud: audience.byDefault ? undefined : audience.aud,
    sub_list: [subject],
    resource: {
      identifier: audience.aud[0],
      entra: resource?.entra,
      // Those that the client may have.
      get scopes() {
        return resource?.scopes.filter((scope) => client.scopes?.includes(scope) ?? true) ?? []
      },
      // Few dialects show it, and it costs more than all the rest of the token's claims.
      get id() {
        return resource?.id ?? uuidOf(tenant.seed, 'resource', audience.aud[0] ?? '')
      },
    },
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
    scopes,
    ...roles,
    version: settings.version,
    configured: [
      ...configuredClaims(request, audience.resources),
      ...(user === undefined ? [] : [userClaims(user, scopes, cx)]),
      membersOf({ cnf: request.confirmation }, 'certificate of the client'),
      membersOf(over?.claims ?? {}, 'asked for'),
    ],
    origins: originsOf(request, { audience, settings }, tenant.name),
  })
}

/** The application that a token is for; undefined where that is the provider itself, by whatever name. */
function applicationOf({ aud: [aud = ''], resources: [resource], byDefault }: Audience, { tenant }: Context) {
  const id = resource?.id
  return byDefault || id === tenant.dialect.resources?.userinfo ? undefined : (id ?? aud)
}

function clientSubject({ sub, client_id }: ClientConfig, { tenant }: Context): string {
  return (
    sub ?? (tenant.dialect.clientSubject === 'uuid' ? uuidOf(tenant.seed, 'client', client_id) : client_id)
  )
}

/** Roles have a place of their own, where the resources decide which count. */
function userClaims(user: UserConfig, scopes: readonly string[], cx: Context): Members {
  const release = { scopes, claims: NO_CLAIMS, scopeClaims: false }
  return without(claimsFor('access_token', user, release, cx), 'roles')
}

/** Where the facts came from, by the names under which templates know them. */
function originsOf(
  { client, params, over, grant }: AccessTokenRequest,
  { audience, settings }: Pick<Decided, 'audience' | 'settings'>,
  tenant: string,
): Readonly<Record<string, string>> {
  const issuer = `issuer of tenant ${tenant}`
  const who = grant === undefined ? `client ${client.client_id}` : `user ${grant.login.username}`
  const roles = over?.roles === undefined ? `roles of ${who}` : 'asked for'
  const hasSub = grant === undefined && client.sub !== undefined
  return {
    issuer,
    'issuers.v1': issuer,
    'issuers.v2': issuer,
    aud: audience.from,
    declared_aud: audience.from,
    iat: 'clock',
    exp: settings.lifetimeFrom,
    jti: 'random',
    'client.client_id': 'client',
    sub: hasSub ? `sub of ${who}` : who,
    scope: params.has('scope')
      ? 'request parameter scope, as far as allowed'
      : `scope of client ${client.client_id}`,
    roles,
    realm_access: roles,
    resource_roles: roles,
  }
}

/** The issuers of all faces, by their names. */
export function issuersOf(cx: Context): Readonly<Record<string, string>> {
  return Object.fromEntries(cx.tenant.dialect.faces.map((face) => [face.name, issuerOf(cx, face)]))
}

/** A role that another resource declares is no role here; one that nobody declares is the client's own. */
function splitRoles(
  { asked, registered }: { asked: readonly string[] | undefined; registered: readonly string[] },
  resources: readonly ResourceConfig[],
  cx: Context,
): Record<string, unknown> {
  const here = new Set(resources.map(({ identifier }) => identifier))
  const byResource: Record<string, { roles: string[] }> = {}
  const own: string[] = []
  const kept = (asked ?? registered).filter((role) => {
    const owners = cx.tenant.registry.roleOwners.get(role)
    const owning = (owners ?? []).filter((owner) => here.has(owner))
    for (const owner of owning) {
      byResource[owner] ??= { roles: [] }
      byResource[owner].roles.push(role)
    }
    if (owning.length > 0) return true
    // What a test asks for it gets, whoever declares it.
    const mine = owners === undefined || asked !== undefined
    if (mine) own.push(role)
    return mine
  })
  return {
    roles: kept,
    realm_access: own.length === 0 ? undefined : { roles: own },
    resource_roles: byResource,
  }
}

function configuredClaims(
  { client }: AccessTokenRequest,
  resources: readonly ResourceConfig[],
): readonly Members[] {
  return [
    ...resources.map(({ identifier, claims }) => membersOf(claims, `claims of resource ${identifier}`)),
    membersOf(client.claims, `claims of client ${client.client_id}`),
  ]
}
