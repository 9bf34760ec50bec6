/** What a starter file of each dialect shows. NEW_SECRET and NEW_UUID become random values; a dialect without an example takes the standard one. */

export interface Example {
  readonly about: string
  /** Keys of the top level. */
  readonly tenant: readonly string[]
  readonly resource: readonly string[]
  readonly client: readonly string[]
  /** A client that introspects, where the provider has introspection. */
  readonly api?: readonly string[]
  /** What client identifiers look like, where they are no names. */
  readonly webId?: string
}

/** A client that people sign in to. */
export function webClient({ webId = 'web' }: Example): readonly string[] {
  return [
    `client_id: ${webId}`,
    'client_name: Web shop',
    'redirect_uris: [http://localhost:3000/callback] # on this machine any port will do',
    'grant_types: [authorization_code, refresh_token] # without a secret it must use PKCE',
  ]
}

export const USERS: readonly (readonly string[])[] = [
  [
    'username: alice',
    'name: Alice Liddell',
    'email: alice@example.test',
    'roles: [admin]',
    'groups: [staff]',
  ],
  ['username: bob', 'password: builder # asked for with login: { mode: form }', 'email: bob@example.test'],
]

const SECRET = ['client_secret: "NEW_SECRET" # or client_secret_file: a file that holds it']

const API = ['client_id: orders-api-check', 'client_secret: "NEW_SECRET"', 'introspection: any']

export const STANDARD: Example = {
  about: 'OAuth 2 and OpenID Connect as the RFCs have them.',
  tenant: [],
  resource: [
    'identifier: https://api.example.test # the aud of its tokens',
    'scopes: [orders:read, orders:write]',
    'roles: [reader, admin]',
  ],
  client: [
    'client_id: orders-batch',
    ...SECRET,
    'grant_types: [client_credentials]',
    'audience: https://api.example.test # for whom its tokens are, where the request names nobody',
    'scope: orders:read orders:write # what it may ask for',
    'roles: [reader]',
    'claims: { department: finance } # whatever else its tokens shall say',
  ],
  api: API,
}

const KEYCLOAK: Example = {
  about: 'Keycloak: one realm, with the service account of a client.',
  tenant: ['id: demo # the realm, as paths and issuer show it'],
  resource: [
    'identifier: orders-api # a client of the realm, as aud and resource_access show it',
    'scopes: [orders]',
    'roles: [reader, admin] # client roles; roles that no resource declares are realm roles',
  ],
  client: [
    'client_id: orders-batch',
    ...SECRET,
    'grant_types: [client_credentials]',
    'audience: orders-api',
    'scope: orders',
    'roles: [reader, offline_access]',
  ],
  api: API,
}

/** By dialect, or by the part of its name before the version. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  keycloak: KEYCLOAK,
  buypass: { ...KEYCLOAK, about: 'Buypass: a realm of Keycloak below /auth.' },
  entra: {
    about: 'Microsoft Entra ID: one directory with its v1 and v2 endpoints.',
    webId: 'NEW_UUID # the application id',
    tenant: ['id: NEW_UUID # the directory (tenant) id', 'aliases: [contoso.onmicrosoft.com]'],
    resource: [
      'identifier: api://orders # the App ID URI, which is the aud of v1 tokens',
      'id: NEW_UUID # the application id of the API, which is the aud of v2 tokens',
      'roles: [Orders.Read.All, Orders.Write.All] # app roles',
      'access_token: { version: 2 } # requestedAccessTokenVersion of its manifest: 1 or 2',
    ],
    client: [
      'client_id: NEW_UUID # the application id',
      'client_name: Nightly orders',
      ...SECRET,
      'grant_types: [client_credentials]',
      'audience: api://orders # asked for as scope=api://orders/.default',
      'roles: [Orders.Read.All]',
    ],
  },
  trivore: {
    about: 'Trivore ID: opaque tokens unless a client or a resource says jwt.',
    tenant: [],
    resource: ['identifier: https://api.example.test', 'scopes: [orders]'],
    client: [
      'client_id: orders-batch',
      ...SECRET,
      'grant_types: [client_credentials]',
      'scope: orders',
      'access_token: { format: jwt } # without this line they are opaque, to be introspected',
    ],
    api: API,
  },
}
