/** The groups and directory roles of a user. @see https://learn.microsoft.com/graph/api/user-list-memberof */
import type { UserConfig } from '../context.ts'
import { shown } from '../protocol/errors.ts'
import { type Json, type Members, membersOf } from '../protocol/json.ts'
import { first, type Params } from '../protocol/params.ts'
import { groupId, groupIds } from '../users/groups.ts'
import { graphError } from './graph_error.ts'

const MOST = 999
const PAGE = 100

export interface ListOptions {
  readonly query: Params
  /** `v1.0` or `beta`. */
  readonly version: string
  readonly seed: string
  /** Whether directory roles are left out. */
  readonly groupsOnly: boolean
  /** The URL that was asked, without its query. */
  readonly url: string
}

/** The objects of which the user is a member, page by page: a client follows `@odata.nextLink`. */
export function membershipsOf(user: UserConfig, options: ListOptions): Members {
  const { query, version, seed, groupsOnly, url } = options
  const all = [...groupsOf(user, seed), ...(groupsOnly ? [] : rolesOf(user))]
  const size = numberIn(query, '$top', PAGE)
  const from = numberIn(query, '$skiptoken', 0)
  const next = from + size
  return membersOf({
    '@odata.context': `https://graph.microsoft.com/${version}/$metadata#${groupsOnly ? 'groups' : 'directoryObjects'}`,
    '@odata.count': first(query, '$count') === 'true' ? all.length : undefined,
    '@odata.nextLink': next < all.length ? `${url}?${nextQuery(query, next)}` : undefined,
    value: all.slice(from, next).map((entity) => selected(entity, first(query, '$select'))),
  })
}

type Entity = Readonly<Record<string, Json>>

function groupsOf({ groups }: UserConfig, seed: string): Entity[] {
  return groups.map((name) => ({
    '@odata.type': '#microsoft.graph.group',
    id: groupId(name, seed),
    displayName: name,
    description: null,
    groupTypes: [],
    mail: null,
    mailEnabled: false,
    mailNickname: name,
    securityEnabled: true,
  }))
}

/** A role has the id of its template here; in a real tenant each has its own. */
function rolesOf({ entra }: UserConfig): Entity[] {
  return (entra?.directory_roles ?? []).map((id) => ({
    '@odata.type': '#microsoft.graph.directoryRole',
    id,
    displayName: id,
    description: null,
    roleTemplateId: id,
  }))
}

function selected(entity: Entity, select: string | undefined): Entity {
  if (select === undefined) return entity
  const names = ['@odata.type', ...select.split(',').map((name) => name.trim())]
  return Object.fromEntries(Object.entries(entity).filter(([name]) => names.includes(name)))
}

function numberIn(query: Params, name: string, fallback: number): number {
  const text = first(query, name)
  if (text === undefined) return fallback
  if (/^\d{1,5}$/.test(text) && (name !== '$top' || (Number(text) > 0 && Number(text) <= MOST)))
    return Number(text)
  throw graphError(
    'param.invalid',
    'BadRequest',
    `${name} is ${shown(text)}, expected ${name === '$top' ? `a number from 1 to ${MOST}` : 'the one of an @odata.nextLink'}`,
  )
}

function nextQuery(query: Params, next: number): string {
  const kept = [...query]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, [value = '']]) => [name, value])
  return [...kept, ['$skiptoken', String(next)]]
    .map(([name = '', value = '']) => `${encoded(name)}=${encoded(value)}`)
    .join('&')
}

/** As clients of OData write it: with the dollar signs of its options. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%24', '$')
}

/** What the three actions about memberships answer with. */
export type Action = 'getMemberObjects' | 'getMemberGroups' | 'checkMemberGroups'

/** The ids that an action asks for. @throws OAuthError param.invalid */
export function memberIds(
  action: Action,
  { user, seed, body }: { readonly user: UserConfig; readonly seed: string; readonly body: Entity },
): string[] {
  const groups = groupIds(user, seed)
  if (action === 'checkMemberGroups') {
    const asked = askedIds(body['groupIds'])
    return groups.filter((id) => asked.has(id.toLowerCase()))
  }
  // Roles are members too, but no security groups.
  const withRoles = action === 'getMemberObjects' && body['securityEnabledOnly'] !== true
  return withRoles ? [...groups, ...(user.entra?.directory_roles ?? [])] : groups
}

/** @see https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups */
function askedIds(value: Json | undefined): ReadonlySet<string> {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= 20
  if (isList) return new Set(value.map((id) => String(id).toLowerCase()))
  throw graphError('param.invalid', 'BadRequest', 'groupIds is a list of 1 to 20 ids, in a JSON body')
}
