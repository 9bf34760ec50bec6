/** What a fuzzed request becomes on the wire: a valid one, then bent. */
import { createHmac, randomUUID, sign } from 'node:crypto'
import type { Tenant } from '../../src/context.ts'
import { ASSERTION_TYPE } from '../support/assertion.ts'
import { basic } from '../support/http.ts'
import type { Bent, Change, FuzzRequest } from './request_arbitrary.ts'
import { CLIENTS, privateKey, type Sent, secret, tokenParams, type World } from './world.ts'

const CLIENT_OF = {
  basic: 0,
  post: 0,
  none: 0,
  'mixed up': 0,
  rotated: 1,
  public: 2,
  private_key_jwt: 3,
  client_secret_jwt: 4,
} as const

/** What goes over the wire for a fuzzed request. */
export function written(made: FuzzRequest, world: World): Sent {
  const at = made.tenant % world.tenants.length
  const tenant = world.tenants[at] as Tenant
  // Not every dialect has every endpoint.
  const there = tenant.dialect.faces[made.face % tenant.dialect.faces.length]?.endpoints[made.endpoint]
  const fuzz: FuzzRequest = there === undefined ? { ...made, endpoint: 'token' } : made
  const face = fuzz.face % tenant.dialect.faces.length
  const paths = tenant.dialect.faces[face]?.endpoints
  const own = paths?.[fuzz.endpoint] ?? paths?.token
  const params = changed(usual(fuzz, { world, at, face }), fuzz.changes)
  const { type, query, body } = encoded(params, fuzz)
  const reads = ['jwks', 'discovery', 'service_documentation'].includes(fuzz.endpoint)
  const given = {
    ...(type === '' ? {} : { 'content-type': type }),
    ...authorization(fuzz, world),
    ...fuzz.headers,
  }
  const headers = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')]],
  )
  return {
    method: fuzz.method || (reads ? 'GET' : 'POST'),
    path: `${fuzz.path(`${tenant.path}${own}`)}${query}`,
    headers: Object.fromEntries(headers),
    body: reads && fuzz.method === '' ? '' : body,
  }
}

type Param = readonly [name: string, value: unknown]

function usual(fuzz: FuzzRequest, { world, at, face }: { world: World; at: number; face: number }): Param[] {
  const tenant = world.tenants[at] as Tenant
  const aud = `${world.running.url}${tenant.path}${tenant.dialect.faces[face]?.endpoints.token}`
  const own: Record<string, string> =
    fuzz.endpoint === 'token'
      ? { grant_type: 'client_credentials', ...tokenParams(tenant, face) }
      : fuzz.endpoint === 'userinfo'
        ? {}
        : { token: tokenOf(fuzz, world, at) }
  return [...Object.entries(own), ...Object.entries(credentials(fuzz, aud))]
}

function tokenOf({ token }: FuzzRequest, { tokens }: World, at: number): string {
  const live = tokens[at] ?? ''
  if (token.kind === 'live') return live
  if (token.kind === 'other tenant') return tokens[(at + 1) % tokens.length] ?? ''
  if (token.kind === 'any') return token.text
  const middle = Math.floor(live.length / 2)
  return `${live.slice(0, middle)}${token.text || 'x'}${live.slice(middle)}`
}

function credentials(fuzz: FuzzRequest, aud: string): Record<string, string> {
  const { client_id } = CLIENTS[CLIENT_OF[fuzz.credentials]] ?? { client_id: '' }
  if (fuzz.endpoint === 'userinfo') return {}
  if (fuzz.credentials === 'post') return { client_id, client_secret: secret('batch') }
  if (fuzz.credentials === 'public') return { client_id }
  if (!fuzz.credentials.endsWith('_jwt')) return {}
  return {
    client_id,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion(client_id, aud, fuzz.assertion),
  }
}

function authorization(fuzz: FuzzRequest, world: World): Record<string, string> {
  if (fuzz.endpoint === 'userinfo')
    return { authorization: `Bearer ${tokenOf(fuzz, world, fuzz.tenant % world.tenants.length)}` }
  if (fuzz.credentials === 'basic') return basic('batch', secret('batch'))
  // A secret in the wrong place is a secret still.
  if (fuzz.credentials === 'mixed up') return basic('batch', secret('old'))
  return fuzz.credentials === 'rotated' ? basic('rotated', secret('new')) : {}
}

function assertion(client_id: string, aud: string, bent: Bent): string {
  const now = Math.floor(Date.now() / 1000)
  const isHmac = client_id === 'hs'
  const header = {
    alg: isHmac ? 'HS256' : 'ES256',
    ...(bent.part === 'header' && { [bent.name]: bent.value }),
  }
  const claims = {
    iss: client_id,
    sub: client_id,
    aud,
    jti: randomUUID(),
    exp: now + 60,
    ...(bent.part === 'claims' && { [bent.name]: bent.value }),
  }
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = isHmac
    ? createHmac('sha256', secret('hs')).update(input).digest('base64url')
    : sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return bent.part === 'text' ? broken(`${input}.${signature}`, bent.name) : `${input}.${signature}`
}

function broken(jwt: string, how: string): string {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const deep = Buffer.from(`{"alg":"ES256","a":${'['.repeat(2000)}${']'.repeat(2000)}}`).toString('base64url')
  const ways: Readonly<Record<string, string>> = {
    'drop signature': `${header}.${claims}.`,
    'drop claims': `${header}..${signature}`,
    pad: `${jwt}==`,
    flip: `${header}.${claims}.${signature.split('').reverse().join('')}`,
    'five parts': `${jwt}.a.b`,
    deep: `${deep}.${claims}.${signature}`,
  }
  return ways[how] ?? how
}

function changed(params: readonly Param[], changes: readonly Change[]): Param[] {
  let list = [...params]
  for (const change of changes) {
    if (change.kind === 'set')
      list = [...list.filter(([name]) => name !== change.name), [change.name, change.value]]
    else if (change.kind === 'drop') list = list.filter((_, index) => index !== change.at)
    else list = list.flatMap((param, index) => (index === change.at ? [param, param] : [param]))
  }
  return list
}

function encoded(
  params: readonly Param[],
  { encode, raw }: FuzzRequest,
): { type: string; query: string; body: string } {
  const textual = params.map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : String(value),
  ])
  const form = new URLSearchParams(textual).toString()
  const type = 'application/x-www-form-urlencoded'
  if (encode === 'form') return { type, query: '', body: form }
  if (encode === 'query') return { type: '', query: `?${form}`, body: '' }
  if (encode === 'both') return { type, query: `?${form}`, body: form }
  if (encode === 'raw form') return { type, query: '', body: raw }
  if (encode === 'raw json') return { type: 'application/json', query: '', body: raw }
  return { type: 'application/json', query: '', body: JSON.stringify(Object.fromEntries(params)) }
}
