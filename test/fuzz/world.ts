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
  { client_id: 'spa', token_endpoint_auth_method: 'none' },
  {
    client_id: 'partner',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kty: 'EC' }] },
  },
  {
    client_id: 'hs',
    client_secret: secret('hs'),
    introspection: 'any' as const,
    introspection_signed_response_alg: 'ES256',
  },
]

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
    (['strict', 'lax'] as const).map((strictness) => {
      const name = `${dialect.replaceAll(/\W/g, '-')}-${strictness}`
      return [name, { dialect, strictness, clients: CLIENTS, resources }]
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
  const url = `${tenant.path}${face?.endpoints.token}`
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...tokenParams(tenant, 0) })
  const headers = { ...basic('batch', secret('batch')), 'content-type': 'application/x-www-form-urlencoded' }
  const { body } = await transmit(world, { method: 'POST', path: url, headers, body: form.toString() })
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
    const options = { host: '127.0.0.1', port: running.port, method, path, headers, agent }
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
