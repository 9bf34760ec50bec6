/** The identities of Azure machines. @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview */
import type { Tenant } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { uuidOf } from '../protocol/uuid.ts'

type IdentityConfig = NonNullable<Tenant['config']['managed_identity']['identities']>[number]

export interface Identity {
  readonly tenant: Tenant
  readonly name: string
  readonly type: 'SystemAssigned' | 'UserAssigned'
  readonly client_id: string
  readonly object_id: string
  readonly resource_id: string
  readonly roles: readonly string[]
}

/** The query parameters by which a source selects an identity: for each kind of id the names that it may have. */
export type Selectors = Readonly<Record<Kind, readonly string[]>>
type Kind = 'client_id' | 'object_id' | 'resource_id'

export const SELECTORS: Selectors = {
  client_id: ['client_id'],
  object_id: ['object_id', 'principal_id'],
  resource_id: ['msi_res_id', 'mi_res_id'],
}

/** An identity, and by which parameter it was asked for, which some clients want to see again. */
export interface Chosen {
  readonly identity: Identity
  readonly selector: Readonly<Record<string, string>>
}

/** Whether a tenant has identities at all: those of the other dialects have none. */
export function hasIdentities({ dialect }: Pick<Tenant, 'dialect'>): boolean {
  return dialect.name === 'entra'
}

const DEFAULT: IdentityConfig = { name: 'system', type: 'SystemAssigned', roles: [] }

/** Those that the configuration declares, else one that the system assigned; ids that are left out are made of the name. */
export function identitiesOf(tenant: Tenant): Identity[] {
  const declared: readonly IdentityConfig[] = tenant.config.managed_identity.identities ?? [DEFAULT]
  return declared.map(({ name, type, client_id, object_id, resource_id, roles }) => ({
    tenant,
    name,
    type,
    client_id: client_id ?? uuidOf(tenant.seed, 'identity client', name),
    object_id: object_id ?? uuidOf(tenant.seed, 'identity', name),
    resource_id: resource_id ?? `${resourceGroup(tenant)}/providers/${PROVIDERS[type]}/${name}`,
    roles,
  }))
}

const PROVIDERS = {
  SystemAssigned: 'Microsoft.Compute/virtualMachines',
  UserAssigned: 'Microsoft.ManagedIdentity/userAssignedIdentities',
} as const

/** Where the resources are said to be whose ids are not configured. */
export function resourceGroup({ seed }: Pick<Tenant, 'seed'>): string {
  return `/subscriptions/${uuidOf(seed, 'subscription')}/resourceGroups/idp-double`
}

/** The identity that a request selects, else the one that stands for the machine. @throws OAuthError identity.unknown */
export function chooseIdentity(query: Params, selectors: Selectors, tenants: readonly Tenant[]): Chosen {
  const asked = askedFor(query, selectors)
  const identities = tenants.flatMap(identitiesOf)
  if (asked === undefined) return { identity: unselected(identities), selector: {} }
  const { kind, name, value } = asked
  const identity = identities.find((each) => each[kind].toLowerCase() === value.toLowerCase())
  if (identity === undefined)
    throw new OAuthError(
      'identity.unknown',
      `${name} ${shown(value)} is that of no managed identity; declared: ${oneOf(identities.map((each) => each[kind]))}. Add it under managed_identity.identities`,
      { detail: { wire: 'Identity not found' } },
    )
  return { identity, selector: { [name]: value } }
}

interface Asked {
  readonly kind: Kind
  readonly name: string
  readonly value: string
}

function askedFor(query: Params, selectors: Selectors): Asked | undefined {
  const kinds = Object.entries(selectors) as [Kind, readonly string[]][]
  const asked = kinds.flatMap(([kind, names]) =>
    names.flatMap((name) => {
      const value = first(query, name)
      return value === undefined ? [] : [{ kind, name, value }]
    }),
  )
  const [one, another] = asked
  if (another === undefined) return one
  throw new OAuthError('param.invalid', `${one?.name} and ${another.name} came, send one of them`, {
    detail: { name: another.name },
  })
}

/** Without a selector the machine's own, or the only one that a user assigned to it. */
function unselected(identities: readonly Identity[]): Identity {
  const own = identities.find(({ type }) => type === 'SystemAssigned')
  const [only, another] = identities
  if (own !== undefined) return own
  if (only !== undefined && another === undefined) return only
  throw only === undefined
    ? new OAuthError('identity.unknown', 'managed_identity.identities is empty; add one', {
        detail: { wire: 'Identity not found' },
      })
    : new OAuthError(
        'identity.unknown',
        'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
      )
}
