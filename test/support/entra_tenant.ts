/** A tenant of Entra ID with one person, one web application and one API of each token version. */
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from './discovered.ts'
import { type Answer, decode, post } from './http.ts'

type Input<K extends 'users' | 'clients' | 'resources'> = Partial<NonNullable<ConfigInput[K]>[number]>

export const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
export const APP = ['c11e0000-0000-4000-8000-000000000001', 's3cret'] as const
export const ORDERS = { identifier: 'api://orders', id: '0e50ace0-0000-4000-8000-000000000002' }
export const BILLING = 'https://billing.example.test/'
export const ADA = {
  username: 'ada@contoso.example',
  password: 'lovelace',
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  email: 'ada.l@contoso.example',
}

interface Changed {
  readonly user?: Input<'users'>
  readonly client?: Input<'clients'>
  /** Of the API with tokens of version 2. */
  readonly orders?: Input<'resources'>
  readonly config?: ConfigInput
}

/** Starts the tenant, changed as asked, and a client that knows it by its v2 metadata. */
export async function startEntra({ user, client, orders, config }: Changed = {}) {
  const idp = await startIdp({
    dialect: 'entra',
    id: TENANT,
    aliases: ['contoso.onmicrosoft.com'],
    users: [{ ...ADA, ...user }],
    resources: [
      { ...ORDERS, scopes: ['read', 'write'], access_token: { version: 2 }, ...orders },
      { identifier: BILLING, scopes: ['pay'] },
    ],
    clients: [
      {
        client_id: APP[0],
        client_secret: APP[1],
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token', 'implicit', 'password', 'client_credentials'],
        ...client,
      },
    ],
    ...config,
  } as ConfigInput)
  const app = await DiscoveringClient.at(idp.issuer, ...APP)
  return { idp, app, [Symbol.asyncDispose]: () => idp[Symbol.asyncDispose]() }
}

export type Started = Awaited<ReturnType<typeof startEntra>>

/** The same client by its v1 metadata. */
export function v1Of({ idp }: Started): Promise<DiscoveringClient> {
  return DiscoveringClient.at(`${idp.url}/${TENANT}`, ...APP)
}

/** Signs Ada in and redeems the code for what was asked: the answer, and the claims of both tokens. */
export async function signIn(app: DiscoveringClient, params: Record<string, string> = {}) {
  const { code } = await app.authorize(params, ADA.username)
  const { resource, scope, claims } = params
  const form = { ...(scope && { scope }), ...(resource && { resource }), ...(claims && { claims }) }
  return tokensOf(await app.redeem(code, { client_info: '1', ...form }))
}

/** The claims of the tokens of an answer. */
export function tokensOf(answer: Answer) {
  const { body, text } = answer
  if (body['access_token'] === undefined) throw new Error(`no tokens, but ${text}`)
  const claimsOf = (name: string) => (body[name] === undefined ? {} : decode(String(body[name])).claims)
  return { body, access: claimsOf('access_token'), id: claimsOf('id_token') }
}

/** What the application gets for itself, at v2. */
export function ownToken(
  { idp }: Started,
  scope: string,
  more: Record<string, string> = {},
): Promise<Answer> {
  const credentials = { client_id: APP[0], client_secret: APP[1] }
  const form = { grant_type: 'client_credentials', ...credentials, scope, ...more }
  return post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, form)
}
