/** What a fuzzed request becomes on the wire: a valid one, then bent. */
import type { EndpointName, Tenant } from '../../src/context.ts'
import { authorization, credentials } from './credentials.ts'
import { jsonText } from './hostile.ts'
import {
  APP,
  authorizationParams,
  freshClient,
  freshCode,
  freshDevice,
  freshTokens,
  interaction,
  type Place,
  pathOf,
  signIn,
  vouched,
} from './ingredients.ts'
import type { Change, FuzzRequest } from './request_arbitrary.ts'
import { DEVICE_CODE, JWT_BEARER, type Sent, secret, tokenParams, type World } from './world.ts'

const READ: readonly EndpointName[] = ['jwks', 'discovery', 'service_documentation']

/** The endpoints that browsers go to with a GET as well as with a form. */
const BROWSED: readonly EndpointName[] = [
  'authorization',
  'login',
  'consent',
  'end_session',
  'end_session_confirmation',
  'device',
]

/** What goes over the wire for a fuzzed request. */
export async function written(made: FuzzRequest, world: World): Promise<Sent> {
  const tenant = world.tenants[made.tenant % world.tenants.length] as Tenant
  const place = { world, tenant, face: made.face % tenant.dialect.faces.length }
  // Not every dialect has every endpoint.
  const there = tenant.dialect.faces[place.face]?.endpoints[made.endpoint] !== undefined
  const fuzz: FuzzRequest = there ? made : { ...made, endpoint: 'token' }
  const own = await usual(fuzz, place)
  const { type, query, body } = encoded(changed(own.params, fuzz.changes), fuzz)
  const origin = `http://127.0.0.1:${world.running.port}`
  const given = {
    ...(type === '' ? {} : { 'content-type': type }),
    ...authorization(fuzz),
    ...own.headers,
    ...(await cookie(fuzz, place)),
    ...fuzz.headers,
  }
  const headers = Object.entries(given).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name, value.replaceAll('{own}', origin).replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')]],
  )
  const path = `${fuzz.path(pathOf(place, fuzz.endpoint))}${withQuery(own.query ?? '', query)}`
  const asked = fuzz.method || own.method || methodOf(fuzz)
  // What is refused before it is read whole is not known to be a HEAD, and is answered with a body.
  const method = asked === 'HEAD' && path.length > 4096 ? 'GET' : asked
  const noBody = method === 'GET' && fuzz.method === ''
  return { method, path, headers: Object.fromEntries(headers), body: noBody ? '' : body }
}

function methodOf({ endpoint, encode }: FuzzRequest): string {
  if (READ.includes(endpoint)) return 'GET'
  return BROWSED.includes(endpoint) && encode === 'query' ? 'GET' : 'POST'
}

function withQuery(own: string, query: string): string {
  return own === '' ? query : query.replace(/^\?/, `${own}&`) || own
}

type Param = readonly [name: string, value: unknown]

interface Usual {
  readonly params: Param[]
  readonly headers?: Record<string, string>
  readonly query?: string
  readonly method?: string
}

/** A request that is right, but for its credentials. */
async function usual(fuzz: FuzzRequest, place: Place): Promise<Usual> {
  const aud = `${place.world.running.url}${pathOf(place, 'token')}`
  // A raw body has none of it.
  const make = fuzz.encode.startsWith('raw') ? undefined : USUAL[fuzz.endpoint]
  const made = make === undefined ? { params: {} } : await make(fuzz, place)
  return {
    ...made,
    params: [...Object.entries(made.params), ...Object.entries(credentials(fuzz, aud))],
  }
}

type Maker = (
  fuzz: FuzzRequest,
  place: Place,
) => Promise<Omit<Usual, 'params'> & { readonly params: Readonly<Record<string, unknown>> }>

const takesToken: Maker = async (fuzz, place) => ({ params: { token: tokenOf(fuzz, place) } })

const USUAL: Readonly<Partial<Record<EndpointName, Maker>>> = {
  token: async ({ grant }, place) => ({ params: { grant_type: grant, ...(await GRANTED[grant](place)) } }),
  introspection: takesToken,
  revocation: takesToken,
  userinfo: async (fuzz, place) => ({
    params: {},
    headers: { authorization: `Bearer ${tokenOf(fuzz, place)}` },
  }),
  authorization: async (_, place) => ({ params: authorizationParams(place) }),
  login: async ({ raw }, place) => ({
    params: {
      interaction: await interaction(place, 'login'),
      ...(raw.length % 2 === 0 ? { user: 'bob' } : { username: 'bob', claims: '{"tier":1}' }),
    },
  }),
  consent: async (_, place) => ({
    params: { interaction: await interaction(place, 'consent'), action: 'allow' },
  }),
  end_session: async (_, place) => {
    const { id_token = '' } = await freshTokens(place)
    const params = { id_token_hint: id_token, post_logout_redirect_uri: 'https://app.test/bye', state: 's' }
    return { params }
  },
  end_session_confirmation: async (_, place) => ({
    params: { interaction: await interaction(place, 'end_session_confirmation'), action: 'logout' },
  }),
  device_authorization: async () => ({ params: { scope: 'openid profile' } }),
  device: async (_, place) => ({ params: { user_code: (await freshDevice(place))['user_code'] ?? '' } }),
  registration: async ({ encode }, place) =>
    encode === 'query'
      ? managed(await freshClient(place))
      : {
          params: { redirect_uris: [APP], client_name: 'It' },
          headers: { authorization: `Bearer ${secret('initial')}` },
        },
}

const GRANTED: Readonly<Record<FuzzRequest['grant'], (place: Place) => Promise<Record<string, string>>>> = {
  client_credentials: async ({ tenant, face }) => tokenParams(tenant, face),
  authorization_code: async (place) => ({ code: await freshCode(place), redirect_uri: APP }),
  refresh_token: async (place) => ({ refresh_token: (await freshTokens(place))['refresh_token'] ?? '' }),
  password: async () => ({ username: 'bob', password: 'any', scope: 'openid' }),
  [DEVICE_CODE]: async (place) => ({ device_code: (await freshDevice(place))['device_code'] ?? '' }),
  [JWT_BEARER]: async (place) => {
    const { tokens, tenants, running } = place.world
    return place.tenant.dialect.jwtBearer === 'assertion'
      ? { assertion: vouched(`${running.url}${pathOf(place, 'token')}`) }
      : { assertion: tokens[tenants.indexOf(place.tenant)] ?? '', requested_token_use: 'on_behalf_of' }
  },
}

/** A client that changes its registration. */
function managed({
  client_id = '',
  registration_access_token = '',
}: Readonly<Record<string, string>>): Awaited<ReturnType<Maker>> {
  return {
    params: { client_id, redirect_uris: [APP] },
    headers: { authorization: `Bearer ${registration_access_token}` },
    query: `?client_id=${client_id}`,
    method: 'PUT',
  }
}

function tokenOf({ token }: FuzzRequest, { world, tenant }: Place): string {
  const { tokens, tenants } = world
  const at = tenants.indexOf(tenant)
  const live = tokens[at] ?? ''
  if (token.kind === 'live') return live
  if (token.kind === 'other tenant') return tokens[(at + 1) % tokens.length] ?? ''
  if (token.kind === 'any') return token.text
  const middle = Math.floor(live.length / 2)
  return `${live.slice(0, middle)}${token.text || 'x'}${live.slice(middle)}`
}

async function cookie(fuzz: FuzzRequest, place: Place): Promise<Record<string, string>> {
  if (fuzz.cookie === 'none' || !BROWSED.includes(fuzz.endpoint)) return {}
  const { cookie: own } = await signIn(place)
  return { cookie: fuzz.cookie === 'session' ? own : `${own}x; ${own.replace('.', '..')}` }
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
  { encode, raw, endpoint }: FuzzRequest,
): { type: string; query: string; body: string } {
  const form = new URLSearchParams(
    params.map(([name, value]) => [name, typeof value === 'string' ? value : jsonText(value)]),
  ).toString()
  const type = 'application/x-www-form-urlencoded'
  const json = { type: 'application/json', query: '', body: jsonText(Object.fromEntries(params)) }
  // Metadata is JSON; of a fuzzed form it is seen that it is none.
  if (endpoint === 'registration' && ['form', 'query'].includes(encode)) return json
  if (encode === 'form') return { type, query: '', body: form }
  if (encode === 'query') return { type: '', query: `?${form}`, body: '' }
  if (encode === 'both') return { type, query: `?${form}`, body: form }
  if (encode === 'raw form') return { type, query: '', body: raw }
  return encode === 'raw json' ? { ...json, body: raw } : json
}
