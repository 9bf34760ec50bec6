import type { UserConfig } from '../context.ts'
import { type Json, type Members, membersOf } from '../protocol/json.ts'
import { json, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { percentDecoded } from '../protocol/percent.ts'
import type { CloudService, Visited } from './cloud_service.ts'
import { graphError, notServed, refuseAsGraph, requestIds } from './graph_error.ts'
import { type Action, memberIds, membershipsOf } from './graph_groups.ts'
import { assertReader, type GraphCaller, graphCaller, namedUser, signedInUser } from './graph_token.ts'
import { userEntity } from './graph_user.ts'
import { hasIdentities } from './identity.ts'

/**
 * As much of Microsoft Graph as applications want of who signed in.
 * @see https://learn.microsoft.com/graph/api/overview
 */
export const graph: CloudService = {
  name: 'graph',
  methods: ['GET', 'POST'],
  cors: true,
  path: /^\/(?<version>v1\.0|beta)(?:\/.*)?$/,
  serves: hasIdentities,
  async answer(request, at) {
    const caller = await graphCaller(request, at)
    if (caller.user !== undefined) caller.cx.exchange.user = caller.user.username
    const body = bodyFor({ request, at, caller })
    return json(200, body, { 'cache-control': 'no-cache', ...requestIds(request, at) })
  },
  refuse: refuseAsGraph,
}

interface Asked {
  readonly request: Request
  readonly at: Visited
  readonly caller: GraphCaller
  /** What stands behind the user in the path. */
  readonly rest: string
}

const OF_USER = /^\/(?:me|(?:users|directoryObjects)\/(?<id>[^/]+))(?<rest>\/.*)?$/

function bodyFor(asked: Omit<Asked, 'rest'>): Members {
  const { request, at, caller } = asked
  const below = at.path.replace(/^\/[^/]+/, '').replace(/\/$/, '')
  if (below === '/organization' && request.method !== 'POST') return organization(asked)
  const found = OF_USER.exec(below)?.groups
  if (found === undefined) throw notServed(`${request.method} ${below || '/'}`)
  const rest = percentDecoded(found['rest'] ?? '')
  const operation = OPERATIONS.find(([method, path]) => method === methodOf(request) && path.test(rest))
  if (operation === undefined) throw notServed(`${request.method} ${below}`)
  assertOptions(request)
  const id = found['id']
  const user = id === undefined ? signedInUser(caller) : namedUser(percentDecoded(id), caller)
  return operation[2](user, { ...asked, rest })
}

function methodOf({ method }: Request): string {
  return method === 'HEAD' ? 'GET' : method
}

type Operation = (user: UserConfig, asked: Asked) => Members

/** What can be asked about a user, by method and by what stands behind the user in the path. */
const OPERATIONS: readonly (readonly ['GET' | 'POST', RegExp, Operation])[] = [
  ['GET', /^$/, entity],
  ['GET', /^\/photos?(\/[\w]+)?(\/\$value)?$/, photo],
  ['GET', /^\/(transitiveM|m)emberOf(\/microsoft\.graph\.group)?$/, memberships],
  ['POST', /^\/(microsoft\.graph\.)?(getMemberObjects|getMemberGroups|checkMemberGroups)$/, members],
]

const UNSUPPORTED = ['$filter', '$search', '$expand', '$orderby', '$skip'] as const

/** What would change the answer is not passed over. */
function assertOptions({ query }: Request): void {
  const name = UNSUPPORTED.find((each) => query.has(each))
  if (name !== undefined) throw notServed(`the query option ${name}`)
}

function entity(user: UserConfig, { request, at, caller: { cx } }: Asked): Members {
  return userEntity(user, { select: first(request.query, '$select'), version: versionOf(at) }, cx)
}

/** Clients that show a picture go without one then. */
function photo(): Members {
  throw graphError(
    'graph.not_found',
    'ImageNotFound',
    "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.",
  )
}

function memberships(user: UserConfig, { request, at, rest, caller: { cx } }: Asked): Members {
  const version = versionOf(at)
  return membershipsOf(user, {
    query: request.query,
    version,
    seed: cx.tenant.seed,
    groupsOnly: rest.endsWith('/microsoft.graph.group'),
    url: `${cx.bases.caller}${at.path}`,
  })
}

function members(user: UserConfig, { request, at, rest, caller: { cx } }: Asked): Members {
  const action = rest.split(/[./]/).at(-1) as Action
  return idList(memberIds(action, { user, seed: cx.tenant.seed, body: jsonOf(request) }), versionOf(at))
}

function idList(value: readonly string[], version: string): Members {
  return membersOf({
    '@odata.context': `https://graph.microsoft.com/${version}/$metadata#Collection(Edm.String)`,
    value,
  })
}

function versionOf({ named }: Visited): string {
  return named['version'] ?? 'v1.0'
}

/** The body of an action; none is as good as an empty one. */
export function jsonOf({ body }: Pick<Request, 'body'>): Readonly<Record<string, Json>> {
  if (body.kind === 'none') return {}
  const value = body.kind === 'json' ? body.value : undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, Json>>
  throw graphError('body.malformed', 'BadRequest', 'the body is no JSON object; send one as application/json')
}

/** @see https://learn.microsoft.com/graph/api/organization-list */
function organization({ at, caller: { cx, user, roles } }: Omit<Asked, 'rest'>): Members {
  if (user === undefined) assertReader(roles, cx)
  const { id, name, config } = cx.tenant
  const domains = config.aliases.filter((alias) => alias.includes('.'))
  const organization = {
    id,
    displayName: config.entra.display_name ?? name,
    tenantType: 'AAD',
    verifiedDomains: domains.map((domain, index) => ({
      name: domain,
      type: 'Managed',
      isDefault: index === 0,
      isInitial: domain.endsWith('.onmicrosoft.com'),
    })),
  }
  return membersOf({
    '@odata.context': `https://graph.microsoft.com/${versionOf(at)}/$metadata#organization`,
    value: [organization],
  })
}
