/**
 * What a starter file of each dialect shows. NEW_SECRET and NEW_UUID become random values, NEW_UUID_NAME the same one
 * wherever it stands; a dialect without an example takes the standard one.
 */
import { ENTRA } from './entra_example.ts'
import type { Example } from './example.ts'

export const SERVER: readonly string[] = [
  '# tls: { certificate: auto } # https on port 8443 too, with a certificate of its own CA',
  '# state_dir: ./state # keeps the signing keys and the CA between starts; without it they are new each time',
]

export const APPS: readonly (readonly string[])[] = [
  [
    'client_id: web',
    'client_name: Web shop',
    'redirect_uris: [http://localhost:3000/callback] # on this machine any port will do',
    'grant_types: [authorization_code, refresh_token] # without a secret it must use PKCE',
  ],
]

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
  entra: ENTRA,
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
