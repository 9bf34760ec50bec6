/**
 * What the variables are made of: plain facts of a provider, so that a program elsewhere makes the same ones of what it
 * was told.
 */
import {
  authorityHost,
  type IdentityVariables,
  identityVariables,
  type Serving,
} from '../cloud/azure_places.ts'
import { hasIdentities, identitiesOf } from '../cloud/identity.ts'
import {
  type ClientConfig,
  type Context,
  type EndpointName,
  endpointUrl,
  issuerOf,
  type Tenant,
} from '../context.ts'

export interface ClientFacts {
  readonly client_id: string
  /** Absent for a public one, and one that proves itself otherwise. */
  readonly secret?: string
  readonly redirect_uris: readonly string[]
  readonly audience: readonly string[]
  readonly scopes: readonly string[]
}

/** What looks like Azure. */
export interface AzureFacts {
  readonly tenant_id: string
  /** Absent where no https is served: the SDKs refuse another. */
  readonly authority_host?: string
  readonly variables: IdentityVariables
  readonly identities: readonly { readonly name: string; readonly client_id: string }[]
}

export interface TenantFacts {
  readonly name: string
  readonly dialect: string
  readonly issuer: string
  readonly clients: readonly ClientFacts[]
  /** Names of the declared APIs. */
  readonly resources: readonly string[]
  readonly urls: { readonly [name in (typeof SHOWN)[number]]?: string }
  readonly azure?: AzureFacts
}

/** In the order of the configuration. */
export type Facts = readonly TenantFacts[]

/** The endpoints that variables name. */
const SHOWN = ['discovery', 'jwks', 'authorization', 'token', 'userinfo', 'end_session'] as const

/** Those that a browser opens. */
const FRONT: readonly EndpointName[] = ['authorization', 'end_session']

/** @param tenants those that are meant, where it is not all */
export function factsOf(serving: Serving, tenants: readonly Tenant[] = serving.tenants): Facts {
  return tenants.map((tenant) => {
    const { name, dialect, config } = tenant
    const cx = serving.context(tenant)
    const azure = hasIdentities(tenant) ? { azure: azureFacts(tenant, serving) } : {}
    const resources = config.resources.flatMap(({ identifier, id = identifier }) => [
      ...new Set([identifier, id]),
    ])
    const clients = config.clients.map(clientFacts)
    return {
      name,
      dialect: dialect.name,
      issuer: issuerOf(cx),
      clients,
      resources,
      urls: urlsOf(cx),
      ...azure,
    }
  })
}

function clientFacts({
  client_id,
  secrets,
  redirect_uris,
  audience = [],
  scopes = [],
}: ClientConfig): ClientFacts {
  const [secret] = secrets
  return { client_id, ...(secret !== undefined && { secret }), redirect_uris, audience, scopes }
}

function urlsOf(cx: Context): TenantFacts['urls'] {
  const pairs = SHOWN.flatMap((name) => {
    const path = cx.face.endpoints[name]
    const base = FRONT.includes(name) ? cx.bases.front : cx.bases.caller
    return path === undefined ? [] : [[name, endpointUrl(base, path, cx)] as const]
  })
  return Object.fromEntries(pairs)
}

function azureFacts(tenant: Tenant, serving: Serving): AzureFacts {
  const host = authorityHost(tenant, serving)
  return {
    tenant_id: tenant.id,
    ...(host !== undefined && { authority_host: host }),
    variables: identityVariables(tenant, serving),
    identities: identitiesOf(tenant).map(({ name, client_id }) => ({ name, client_id })),
  }
}
