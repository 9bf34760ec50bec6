import { OPENID_SCOPES } from '../protocol/standard_claims.ts'
import type { Changing } from './change_schema.ts'
import type { CheckContext } from './check_rules.ts'
import type { ClientConfig, ResourceConfig, TenantConfig } from './config.ts'
import { few } from './found.ts'
import type { Names } from './names.ts'

/** What a tenant would declare after a change, and the clients of it that stay as they are. */
interface Left {
  readonly resources: readonly Pick<ResourceConfig, 'identifier' | 'id' | 'scopes'>[]
  readonly clients: readonly ClientConfig[]
  /** Scopes of its own. */
  readonly scopes: ReadonlySet<string>
  readonly dialect: string
}

/** A change of resources leaves no client with a scope or an audience that nothing declares: no start would take that. */
export function checkDangling({ base, draft }: Changing, cx: CheckContext): void {
  const { resources = [], clients = [], scopes } = draft
  const isKnown = resources.every((each) => each?.scopes?.every((scope) => scope !== undefined) === true)
  if (resources.length === 0 || !isKnown) return
  const changed = new Set(clients.map((client) => client?.client_id))
  const replaced = new Set(resources.map((each) => each?.identifier))
  const others = base.resources.filter(({ identifier }) => !replaced.has(identifier))
  const left: Left = {
    resources: [...others, ...(resources as Left['resources'])],
    clients: base.clients.filter(({ client_id }) => !changed.has(client_id)),
    scopes: new Set([...Object.keys(base.scopes), ...Object.keys(scopes ?? {})]),
    dialect: base.dialect,
  }
  const message = danglingScope(left, cx.names) ?? (base.resources.length === 0 ? stray(left, cx) : undefined)
  if (message !== undefined) cx.findings.push({ path: ['resources'], message })
}

/** The same for a resource that is taken away. */
export function scopesLostWith(resource: object, base: TenantConfig, names: Names): string | undefined {
  const resources = base.resources.filter((each) => each !== resource)
  const { clients, dialect } = base
  return danglingScope({ resources, clients, dialect, scopes: new Set(Object.keys(base.scopes)) }, names)
}

/** Where no resource declares a scope, clients may have any. */
function danglingScope({ resources, clients, scopes, dialect }: Left, names: Names): string | undefined {
  const declared = new Set(resources.flatMap((resource) => resource.scopes))
  if (declared.size === 0) return undefined
  const isThere = (scope: string) =>
    declared.has(scope) ||
    scopes.has(scope) ||
    OPENID_SCOPES.includes(scope) ||
    names.undeclared?.[dialect]?.isScope(scope) === true
  const pairs = clients.flatMap(({ client_id, scopes: wanted = [] }) =>
    wanted.filter((scope) => !isThere(scope)).map((scope) => ({ client_id, what: scope })),
  )
  return worded('scope', pairs)
}

function stray({ resources, clients, dialect }: Left, { names }: CheckContext): string | undefined {
  const declared = new Set(resources.flatMap(({ identifier, id }) => [identifier, id]))
  const isThere = (name: string) =>
    declared.has(name) || names.undeclared?.[dialect]?.isResource(name) === true
  const pairs = clients.flatMap(({ client_id, audience }) =>
    audience.filter((name) => !isThere(name)).map((name) => ({ client_id, what: name })),
  )
  return worded('audience', pairs)
}

type Pairs = readonly { readonly client_id: string; readonly what: string }[]

function worded(kind: 'scope' | 'audience', pairs: Pairs): string | undefined {
  const [first] = pairs
  if (first === undefined) return undefined
  const users = pairs.filter(({ what }) => what === first.what).map(({ client_id }) => client_id)
  const [clients, them] = users.length === 1 ? ['client', 'it'] : ['clients', 'them']
  return `no resource would declare ${first.what}, which is a${kind === 'audience' ? 'n audience' : ' scope'} of ${clients} ${few(users)}: declare it, or change ${them} first`
}
