/** A server with tenants of every dialect, and a connection to it. */
import { generateKeyPairSync } from 'node:crypto'
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { validateInput } from '../../src/config/validate.ts'
import type { Tenant } from '../../src/context.ts'
import type { Entry } from '../../src/http/site.ts'
import { dialects, names } from '../../src/names.ts'
import { type Running, startProvider } from '../../src/provider.ts'
import { basic } from '../support/http.ts'

const API = 'https://api.example.test'

export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code' as const
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Nothing that the provider answers may hold this word. */
export const CANARY = 'canary-secret'

export const secret = (name: string) => `${CANARY}-${name}-0123456789abcdef0123456789abcdef`
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const { privateKey } = pair

export const CLIENTS = [
  {
    client_id: 'batch',
    client_secret: secret('batch'),
    audience: API,
    scope: 'orders:read orders:write',
    roles: ['reader', 'own'],
    claims: { team: 'x' },
  },
  {
    client_id: 'rotated',
    secrets: [secret('old'), secret('new')],
    access_token: { format: 'opaque' as const },
  },
  {
    client_id: 'spa',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/cb'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  },
  {
    client_id: 'partner',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials', JWT_BEARER],
    federated_credentials: [{ issuer: 'hs', subject: 'hs' }],
    jwks: { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kty: 'EC' }] },
  },
  {
    client_id: 'hs',
    client_secret: secret('hs'),
    introspection: 'any' as const,
    introspection_signed_response_alg: 'ES256',
  },
  {
    client_id: 'web',
    client_secret: secret('web'),
    client_name: 'A <b>web</b> "shop"',
    redirect_uris: ['https://app.test/cb', 'https://app.test/cb?tenant=a'],
    post_logout_redirect_uris: ['https://app.test/bye'],
    frontchannel_logout_uri: 'https://app.test/front',
    grant_types: ['authorization_code', 'refresh_token', 'implicit', 'password', DEVICE_CODE, JWT_BEARER],
  },
  {
    client_id: 'asking',
    client_secret: secret('asking'),
    redirect_uris: ['https://app.test/cb'],
    consent: true,
    client_uri: 'https://app.test/',
    logo_uri: 'https://app.test/logo.png',
  },
  { client_id: 'native', token_endpoint_auth_method: 'none', redirect_uris: ['com.example.app:/cb'] },
]

const USERS = [
  { username: 'alice', password: secret('alice'), email: 'alice@example.test', roles: ['reader'] },
  { username: 'bob', name: `<script>alert(1)</script>" onload='x' &amp;` },
  { username: '"><img src=x onerror=alert(1)>', groups: ['<b>'] },
]

/** What a tenant can be like: how strict, and how its users sign in. */
const KINDS = [
  ['strict', 'strict', 'picker'],
  ['lax', 'lax', 'form'],
  ['auto', 'strict', 'auto'],
] as const

export interface World {
  readonly running: Running
  readonly entries: Entry[]
  readonly tenants: readonly Tenant[]
  /** Live tokens of each tenant, by its place. */
  readonly tokens: readonly string[]
}

/** Every dialect strictly, and once more with every check off: what is not refused goes deeper. */
export async function startWorld(): Promise<World> {
  const resources = [
    { identifier: API, scopes: ['orders:read', 'orders:write'], roles: ['reader'], claims: { region: 'eu' } },
  ]
  const tenants = [...dialects.keys()].flatMap((dialect) =>
    KINDS.map(([kind, strictness, mode]) => {
      const name = `${dialect.replaceAll(/\W/g, '-')}-${kind}`
      const initial_access_token = kind === 'lax' ? secret('initial') : undefined
      const enabled = names.registering.includes(dialect)
      const registration = { enabled, ...(initial_access_token && { initial_access_token }) }
      const tenant = {
        dialect,
        strictness,
        clients: CLIENTS,
        users: USERS,
        resources,
        login: { mode },
        registration,
      }
      return [name, tenant]
    }),
  )
  const input = { server: { port: 0 }, keys: [{ alg: 'ES256' }], tenants: Object.fromEntries(tenants) }
  const readFile = () => ''
  const entries: Entry[] = []
  const running = await startProvider(await validateInput(input, { names, directory: '.', readFile }), {
    log: (entry) => void (entry.error !== undefined && entries.push(entry)),
  })
  const world = { running, entries, tenants: running.tenants, tokens: [] }
  return { ...world, tokens: await Promise.all(running.tenants.map((tenant) => liveToken(world, tenant))) }
}

export async function liveToken(world: Omit<World, 'tokens'>, tenant: Tenant): Promise<string> {
  const face = tenant.dialect.faces[0]
  const form = { grant_type: 'client_credentials', ...tokenParams(tenant, 0) }
  const { body } = await transmit(
    world,
    posted(`${tenant.path}${face?.endpoints.token}`, form, basic('batch', secret('batch'))),
  )
  const answer = JSON.parse(body) as { access_token?: string }
  if (answer.access_token === undefined) throw new Error(`tenant ${tenant.name} issues no token: ${body}`)
  return answer.access_token
}

/** Entra names the API in its own ways. */
export function tokenParams({ dialect }: Tenant, face: number): Record<string, string> {
  const name = dialect.faces[face]?.name
  if (name === 'v2') return { scope: `${API}/.default` }
  return name === 'v1' ? { resource: API } : { scope: 'orders:read' }
}

export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A form as a client posts it. */
export function posted(
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Sent {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return {
    method: 'POST',
    path,
    headers: { ...type, ...headers },
    body: new URLSearchParams(form).toString(),
  }
}

export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 24 })

export function transmit({ running }: Pick<World, 'running'>, sent: Sent): Promise<Received> {
  const { method, path, body } = sent
  const headers = { ...sent.headers, 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    // A state may be as long as a body, and comes back in a header.
    const maxHeaderSize = 512 * 1024
    const options = { host: '127.0.0.1', port: running.port, method, path, headers, agent, maxHeaderSize }
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

export async function stopWorld({ running }: World): Promise<void> {
  agent.destroy()
  await running.stop(0)
}
