/** The APIs of Microsoft itself, which every tenant knows: by id, by name with and without its slash, by host. @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
import type { KnownResource, KnownResources } from './dialect.ts'

interface Listed extends KnownResource {
  /** Other names. */
  readonly also?: readonly string[]
  /** Whoever has an account there may call it by the account's own host. */
  readonly hosts?: readonly string[]
}

/** Microsoft Graph: what a scope without a resource belongs to. */
export const GRAPH: Listed = {
  id: '00000003-0000-0000-c000-000000000000',
  identifier: 'https://graph.microsoft.com',
}

const LISTED: readonly Listed[] = [
  GRAPH,
  { id: '00000002-0000-0000-c000-000000000000', identifier: 'https://graph.windows.net' },
  {
    id: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    identifier: 'https://management.azure.com',
    also: ['https://management.core.windows.net'],
  },
  {
    id: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
    identifier: 'https://vault.azure.net',
    hosts: ['vault.azure.net'],
  },
  {
    id: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
    identifier: 'https://storage.azure.com',
    hosts: ['blob', 'queue', 'table', 'file', 'dfs'].map((kind) => `${kind}.core.windows.net`),
  },
  { id: '022907d3-0f1b-48f7-badc-1ba6abab6d66', identifier: 'https://database.windows.net' },
  { id: '123cd850-d9df-40bd-94d5-c9f07b7fa203', identifier: 'https://ossrdbms-aad.database.windows.net' },
  {
    id: 'a232010e-820c-4083-83bb-3ace5fc29d0b',
    identifier: 'https://cosmos.azure.com',
    hosts: ['documents.azure.com'],
  },
  {
    id: '80a10ef9-8168-493d-abf9-3297c4ef6e3c',
    identifier: 'https://servicebus.azure.net',
    hosts: ['servicebus.windows.net'],
  },
  { id: '80369ed6-5f11-4dd9-bef3-692475845e77', identifier: 'https://eventhubs.azure.net' },
  {
    id: '35ffadb3-7fc1-497e-b61b-381d28e744cc',
    identifier: 'https://azconfig.io',
    hosts: ['azconfig.io'],
  },
  { id: 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5', identifier: 'https://api.loganalytics.io' },
  { id: '7d312290-28c8-473c-a0ed-8e53749b6d6d', identifier: 'https://cognitiveservices.azure.com' },
]

const BY_NAME: ReadonlyMap<string, Listed> = new Map(
  LISTED.flatMap((listed) =>
    [listed.id, listed.identifier, ...(listed.also ?? [])].map((name) => [name, listed] as const),
  ),
)

const BY_HOST: readonly (readonly [host: string, Listed])[] = LISTED.flatMap((listed) =>
  (listed.hosts ?? []).map((host) => [`.${host}`, listed] as const),
)

function named(name: string): Listed | undefined {
  const plain = name.toLowerCase().replace(/\/$/, '')
  const found = BY_NAME.get(plain)
  if (found !== undefined) return found
  const host = /^https:\/\/([a-z0-9.-]+)$/.exec(plain)?.[1]
  return host === undefined ? undefined : BY_HOST.find(([suffix]) => host.endsWith(suffix))?.[1]
}

/** Whether a name is one of Graph's. */
export function isGraph(name: string): boolean {
  return named(name) === GRAPH
}

export const ENTRA_RESOURCES: KnownResources = {
  named,
  // Every application can be asked for: by its id, or by the App ID URI that it has by default.
  applicationOf: (name) => /^(?:api:\/\/)?([^/]+)$/.exec(name)?.[1],
  scopes: /^(?:user_impersonation|[A-Z][A-Za-z-]*(?:\.[A-Za-z-]+)+)$/,
  userinfo: GRAPH.id,
}
