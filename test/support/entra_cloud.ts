/** Two tenants of Entra ID on one server, and an application that is for the users of both. */
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { DEVICE_CODE } from './device.ts'
import { CALLBACK, DiscoveringClient } from './discovered.ts'
import { decode } from './http.ts'

export const CONTOSO = '5b0d9b1e-3c11-4222-8333-44445555abcd'
export const FABRIKAM = '7c1e8c2f-3c11-4222-8333-44445555abcd'
export const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Declared in contoso. */
export const APP = 'c11e0000-0000-4000-8000-000000000001'
export const SINGLE = 'c11e0000-0000-4000-8000-000000000002'
export const SECRET = 's3cret'

export const API = { identifier: 'api://orders', id: '0e50ace0-0000-4000-8000-000000000002' }

const app = {
  client_secret: SECRET,
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: [CALLBACK],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password', DEVICE_CODE],
}

type Tenants = NonNullable<ConfigInput['tenants']>
type Extra = { readonly tenants?: Tenants } & Omit<ConfigInput, 'tenants'>

/** contoso declares the application and its API, fabrikam nothing but a user. */
export function startCloud({ tenants = {}, ...more }: Extra = {}) {
  return startIdp({
    dialect: 'entra',
    ...more,
    tenants: {
      contoso: {
        id: CONTOSO,
        aliases: ['contoso.example'],
        users: [{ username: 'ada@contoso.example', name: 'Ada' }],
        resources: [{ ...API, scopes: ['read'], roles: ['Orders.Read'], access_token: { version: 2 } }],
        clients: [
          { client_id: APP, ...app, roles: ['Orders.Read'] },
          { client_id: SINGLE, ...app, entra: { sign_in_audience: 'AzureADMyOrg' } },
        ],
      },
      fabrikam: {
        id: FABRIKAM,
        aliases: ['fabrikam.example'],
        users: [{ username: 'bob@fabrikam.example', name: 'Bob' }],
      },
      ...tenants,
    },
  } as ConfigInput)
}

export type Idp = Awaited<ReturnType<typeof startCloud>>

/** The application at an address: `common`, an id, a domain. */
export function clientAt(idp: Idp, segment: string, id = APP): Promise<DiscoveringClient> {
  return DiscoveringClient.at(`${idp.url}/${segment}/v2.0`, id, SECRET)
}

/** What a user signs in to get, and redeems where the client is. */
export async function signedIn(client: DiscoveringClient, user: string, scope = 'openid profile') {
  const { code } = await client.authorize({ scope }, user)
  const answer = await client.redeem(code, { client_info: '1' })
  return { ...answer, ...claimsIn(answer.body) }
}

export function claimsIn(body: Readonly<Record<string, unknown>>) {
  const claims = (name: string) => (typeof body[name] === 'string' ? decode(body[name]).claims : {})
  return { access: claims('access_token'), id: claims('id_token') }
}
