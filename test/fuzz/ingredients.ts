/** What makes a request nearly right: pages that are open, codes, tokens, sessions. Each is made when it is asked for, and for one use. */
import { randomUUID, sign } from 'node:crypto'
import type { EndpointName, Tenant } from '../../src/context.ts'
import { basic } from '../support/http.ts'
import {
  posted,
  privateKey,
  type Received,
  type Sent,
  secret,
  tokenParams,
  transmit,
  type World,
} from './world.ts'

/** A tenant and one of the faces of its dialect. */
export interface Place {
  readonly world: World
  readonly tenant: Tenant
  readonly face: number
}

export const APP = 'https://app.test/cb'

export function pathOf({ tenant, face }: Place, endpoint: EndpointName): string {
  return `${tenant.path}${tenant.dialect.faces[face]?.endpoints[endpoint] ?? ''}`
}

/** The parameters of an authorization request that is right. */
export function authorizationParams(place: Place, client_id = 'web'): Record<string, string> {
  const { scope: _, ...more } = tokenParams(place.tenant, place.face)
  const usual = {
    client_id,
    response_type: 'code',
    redirect_uri: APP,
    scope: 'openid profile offline_access',
  }
  return { ...usual, state: 's t&a"te', nonce: 'n', ...more }
}

/** Where a redirect leads, of which the provider's own ones are relative. */
export function leadsTo({ path }: Pick<Sent, 'path'>, { headers }: Received): string {
  const location = headers.location ?? ''
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return location
  const { pathname, search } = new URL(location, `http://provider${path}`)
  return `${pathname}${search}`
}

/** Where a first request led, and where it went on after bob signed in. */
export interface SignedIn {
  readonly page: string
  readonly to: string
  readonly cookie: string
}

/** Begins at the authorization endpoint and signs bob in. */
export async function signIn(place: Place, client_id = 'web', prompt = 'login'): Promise<SignedIn> {
  const first = posted(pathOf(place, 'authorization'), { ...authorizationParams(place, client_id), prompt })
  const asked = await transmit(place.world, first)
  const page = leadsTo(first, asked)
  // Without a page where nobody is asked.
  if (!page.startsWith(pathOf(place, 'login'))) return { page, to: page, cookie: cookieOf(asked) }
  const form = posted(page, { interaction: interactionIn(page), username: 'bob' })
  const answer = await transmit(place.world, form)
  return { page, to: leadsTo(form, answer), cookie: cookieOf(answer) }
}

function cookieOf({ headers }: Received): string {
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
}

export function interactionIn(page: string): string {
  return /interaction=([\w-]+)/.exec(page)?.[1] ?? ''
}

/** A page that waits for a decision: its interaction. */
export async function interaction(
  place: Place,
  kind: 'login' | 'consent' | 'end_session_confirmation',
): Promise<string> {
  if (kind === 'consent') return interactionIn((await signIn(place, 'asking', 'consent login')).to)
  const [endpoint, params] =
    kind === 'login'
      ? (['authorization', { ...authorizationParams(place), prompt: 'login' }] as const)
      : (['end_session', {}] as const)
  const first = posted(pathOf(place, endpoint), params)
  return interactionIn(leadsTo(first, await transmit(place.world, first)))
}

/** A code of client web, or nothing where none came. */
export async function freshCode(place: Place): Promise<string> {
  return /[?&#]code=([^&]+)/.exec((await signIn(place)).to)?.[1] ?? ''
}

/** The tokens of client web. */
export async function freshTokens(place: Place): Promise<Record<string, string>> {
  const form = {
    grant_type: 'authorization_code',
    code: decodeURIComponent(await freshCode(place)),
    redirect_uri: APP,
  }
  const sent = posted(pathOf(place, 'token'), form, basic('web', secret('web')))
  return JSON.parse((await transmit(place.world, sent)).body) as Record<string, string>
}

/** A device of client web that waits, and is let in at once where nobody is asked; nothing where there are none. */
export async function freshDevice(place: Place): Promise<Record<string, string>> {
  const { world, tenant, face } = place
  if (tenant.dialect.faces[face]?.endpoints.device === undefined) return {}
  const form = { scope: 'openid profile offline_access' }
  const sent = posted(pathOf(place, 'device_authorization'), form, basic('web', secret('web')))
  const codes = JSON.parse((await transmit(world, sent)).body) as Record<string, string>
  const path = `${pathOf(place, 'device')}?user_code=${codes['user_code']}`
  await transmit(world, { method: 'GET', path, headers: {}, body: '' })
  return codes
}

/** What client partner vouches for. */
export function vouched(aud: string): string {
  const claims = {
    iss: 'partner',
    sub: 'bob',
    aud,
    jti: randomUUID(),
    exp: Math.floor(Date.now() / 1000) + 60,
  }
  const parts = [{ alg: 'ES256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const signature = sign('sha256', Buffer.from(parts.join('.')), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return [...parts, signature.toString('base64url')].join('.')
}

/** A client that registered itself just now. */
export async function freshClient(place: Place): Promise<Record<string, string>> {
  const sent: Sent = {
    method: 'POST',
    path: pathOf(place, 'registration'),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret('initial')}` },
    body: JSON.stringify({ redirect_uris: [APP] }),
  }
  return JSON.parse((await transmit(place.world, sent)).body) as Record<string, string>
}
