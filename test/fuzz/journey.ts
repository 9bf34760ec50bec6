/** A login from its first request to its last, each made of what the one before gave. */
import type { EndpointName, Tenant } from '../../src/context.ts'
import { basic } from '../support/http.ts'
import { jsonText } from './hostile.ts'
import { authorizationParams, interactionIn, leadsTo, type Place, pathOf } from './ingredients.ts'
import type { Setting } from './parameters.ts'
import { posted, type Received, type Sent, secret, transmit, type World } from './world.ts'

export interface Journey {
  readonly tenant: number
  readonly face: number
  readonly client: 'web' | 'asking' | 'registered'
  /** Laid over what is right, at each endpoint. */
  readonly changes: Readonly<
    Record<'registration' | 'authorization' | 'login' | 'token' | 'end_session', readonly Setting[]>
  >
  readonly keepsCookies: boolean
}

/** Sends and judges; everything goes through here. */
export type Send = (sent: Sent) => Promise<Received>

/** Hears of a step, and of what a client registered. */
export interface Listener {
  send: Send
  reached(step: string): void
  registered(uris: readonly string[]): void
}

interface Client {
  readonly client_id: string
  readonly client_secret: string
  readonly redirect_uri?: string
}

/** Goes as far as the answers lead. */
export async function travel(journey: Journey, world: World, listener: Listener): Promise<void> {
  const able = world.tenants.filter((tenant) => serves(tenant, 'authorization'))
  const tenant = able[journey.tenant % able.length] as Tenant
  const place = { world, tenant, face: journey.face % tenant.dialect.faces.length }
  const client = await clientFor(journey, place, listener)
  if (client === undefined) return
  const answer = await signIn(journey, { place, client, listener })
  const code = /[?&#]code=([^&#]+)/.exec(answer)?.[1]
  if (code === undefined) return
  listener.reached('code')
  await useTokens(journey, { place, client, listener, code: decodeURIComponent(code) })
}

function serves({ dialect }: Tenant, endpoint: EndpointName): boolean {
  return dialect.faces.some(({ endpoints }) => endpoints[endpoint] !== undefined)
}

async function clientFor(
  { client, changes }: Journey,
  place: Place,
  { send, ...heard }: Listener,
): Promise<Client | undefined> {
  if (client !== 'registered') return { client_id: client, client_secret: secret(client) }
  const metadata = {
    redirect_uris: ['https://dyn.test/cb'],
    client_name: 'It',
    ...laid(changes.registration),
  }
  const { status, body } = await send({
    method: 'POST',
    path: pathOf(place, 'registration'),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret('initial')}` },
    body: jsonText(metadata),
  })
  if (status !== 201) return undefined
  heard.reached('registered')
  const {
    client_id,
    client_secret = '',
    redirect_uris = [],
    post_logout_redirect_uris = [],
  } = JSON.parse(body) as {
    client_id: string
    client_secret?: string
    redirect_uris?: string[]
    post_logout_redirect_uris?: string[]
  }
  heard.registered([...redirect_uris, ...post_logout_redirect_uris])
  return {
    client_id,
    client_secret,
    ...(redirect_uris[0] !== undefined && { redirect_uri: redirect_uris[0] }),
  }
}

function laid(changes: readonly Setting[]): Record<string, unknown> {
  return Object.fromEntries(changes.map(({ name, value }) => [name, value]))
}

function formOf(
  usual: Readonly<Record<string, unknown>>,
  changes: readonly Setting[],
): Record<string, string> {
  const all = Object.entries({ ...usual, ...laid(changes) })
  return Object.fromEntries(
    all.map(([name, value]) => [name, typeof value === 'string' ? value : jsonText(value)]),
  )
}

interface Going {
  readonly place: Place
  readonly client: Client
  readonly listener: Listener
}

/** From the authorization request over the pages that come, to where the browser leaves for the client. */
async function signIn(
  { changes, keepsCookies }: Journey,
  { place, client, listener }: Going,
): Promise<string> {
  const { client_secret: _, ...about } = client
  // A consent is remembered: who is to see the page asks for it.
  const prompt = client.client_id === 'asking' ? 'consent' : ''
  const form = formOf({ ...authorizationParams(place), ...about, prompt }, changes.authorization)
  let sent = posted(pathOf(place, 'authorization'), form)
  let answer = await listener.send(sent)
  let cookie = {}
  for (let pages = 0; pages < 3 && interactionIn(answer.headers.location ?? '') !== ''; pages += 1) {
    const page = leadsTo(sent, answer)
    await listener.send({ method: 'GET', path: page, headers: cookie, body: '' })
    const isLogin = page.startsWith(`${pathOf(place, 'login')}?`)
    listener.reached(isLogin ? 'login page' : 'consent page')
    const fields = isLogin ? formOf({ username: 'bob' }, changes.login) : { action: 'allow' }
    sent = posted(page, { ...fields, interaction: interactionIn(page) }, cookie)
    answer = await listener.send(sent)
    const [set = ''] = answer.headers['set-cookie'] ?? []
    if (keepsCookies && set !== '') cookie = { cookie: set.split(';')[0] ?? '' }
  }
  return answer.headers.location ?? ''
}

/** From the code to the tokens, to what they say, and out again. */
async function useTokens(
  { changes }: Journey,
  { place, client, listener, code }: Going & { readonly code: string },
): Promise<void> {
  const { client_id, client_secret, redirect_uri = authorizationParams(place)['redirect_uri'] } = client
  const { send, reached } = listener
  const usual = { grant_type: 'authorization_code', code, redirect_uri }
  const authenticated = basic(client_id, client_secret)
  const answer = await send(posted(pathOf(place, 'token'), formOf(usual, changes.token), authenticated))
  if (answer.status !== 200) return
  reached('tokens')
  const tokens = JSON.parse(answer.body) as Record<string, string>
  const { access_token = '', refresh_token, id_token = '' } = tokens
  const headers = { authorization: `Bearer ${access_token}` }
  const { status } = await send({ method: 'GET', path: pathOf(place, 'userinfo'), headers, body: '' })
  reached(`userinfo ${status}`)
  for (const token of [access_token, refresh_token ?? ''])
    await send(posted(pathOf(place, 'introspection'), { token }, basic('hs', secret('hs'))))
  if (refresh_token !== undefined) {
    const form = { grant_type: 'refresh_token', refresh_token }
    reached(`refresh ${(await send(posted(pathOf(place, 'token'), form, authenticated))).status}`)
  }
  await signOut(formOf({ id_token_hint: id_token }, changes.end_session), { place, listener })
}

async function signOut(
  form: Record<string, string>,
  { place, listener: { send, reached } }: Omit<Going, 'client'>,
): Promise<void> {
  const sent = posted(pathOf(place, 'end_session'), form)
  const answer = await send(sent)
  const page = leadsTo(sent, answer)
  if (interactionIn(page) === '') return reached(`signed out ${answer.status}`)
  reached('logout page')
  await send({ method: 'GET', path: page, headers: {}, body: '' })
  await send(posted(page, { interaction: interactionIn(page), action: 'logout' }))
}

/** A plain way to send. */
export const sender =
  (world: World): Send =>
  (sent) =>
    transmit(world, sent)
