/** What comes to Entra, as the RFCs name it: v1 tells the resource in `resource`, v2 in each scope as `{resource}/{scope}`. */
import type { Situation } from '../hooks.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { every, first, type Params, withParam } from '../protocol/params.ts'
import { isGraph } from './entra_resources.ts'
import { assertTenant } from './entra_tenants.ts'

const DEFAULT_SCOPE = '/.default'

/** Where the answer finds the scope that stands for all of a resource's own. */
export const ASKED_DEFAULT = 'asked_default'

/** Where the answer finds by which of its names Graph was asked for. */
export const ASKED_GRAPH = 'asked_graph'

/** Where clients ask for a user, beside the token endpoint. */
const OF_USERS = ['authorization', 'device_authorization']

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

/** MSAL for JavaScript leaves the URN out, and v1 calls the device code the code; others send both names. */
function ofDevice(params: Params): Params {
  const grant_type = first(params, 'grant_type')
  if (grant_type !== DEVICE_CODE && grant_type !== 'device_code') return params
  const named = withParam(params, 'grant_type', DEVICE_CODE)
  return withParam(named, 'device_code', ...(params.get('device_code') ?? every(params, 'code')))
}

/** The request hook. */
export function entraRequest(params: Params, at: Situation): Params {
  const isToken = at.endpoint === 'token'
  if (!isToken && !OF_USERS.includes(at.endpoint)) return params
  if (isToken) assertTenant(first(params, 'grant_type'), at)
  if (isToken && first(params, 'grant_type') === 'client_credentials') return ofClient(params, at)
  const sent = withParam(withParam(isToken ? ofDevice(params) : params, ASKED_DEFAULT), ASKED_GRAPH)
  return at.face === 'v1' ? v1OfUser(sent) : v2OfUser(sent, at)
}

function ofClient(params: Params, { face }: Situation): Params {
  if (face === 'v1') return v1Resource(params)
  const scope = first(params, 'scope')
  if (scope === undefined)
    throw new OAuthError('param.missing', `scope is missing; send scope={resource}${DEFAULT_SCOPE}`, {
      detail: { name: 'scope' },
    })
  if (!scope.endsWith(DEFAULT_SCOPE) || scope.includes(' ')) {
    throw new OAuthError(
      'scope.invalid',
      `scope is ${shown(scope)}, expected one resource with ${DEFAULT_SCOPE} behind it`,
      { detail: { scope } },
    )
  }
  return withParam(withParam(params, 'audience', scope.slice(0, -DEFAULT_SCOPE.length)), 'scope')
}

function v1Resource(params: Params): Params {
  const resource = first(params, 'resource')
  if (resource === undefined)
    throw new OAuthError('resource.missing', 'resource is missing; send the App ID URI of the API')
  return withParam(withParam(withParam(params, 'audience', resource), 'resource'), 'scope')
}

/** Every v1 sign-in is one of OpenID Connect, and a request without a resource is about Graph. */
function v1OfUser(params: Params): Params {
  const [resource, another] = every(params, 'resource')
  const [scope = '', oneMore] = every(params, 'scope')
  if (another !== undefined || oneMore !== undefined) return params
  const named = resource === undefined ? [] : [resource]
  const graph = named.filter(isGraph)
  const others = named.filter((name) => !isGraph(name))
  const told = withParam(
    withParam(withParam(params, 'resource'), 'audience', ...others),
    ASKED_GRAPH,
    ...graph,
  )
  // A refresh keeps the scope that was granted.
  if (first(params, 'grant_type') === 'refresh_token') return withParam(told, 'scope')
  return withParam(told, 'scope', [...new Set(['openid', ...words(scope)])].join(' '))
}

/** A scope token taken apart: `api://orders/read` is `read` of `api://orders`. */
interface Asked {
  readonly resource?: string
  /** One of Graph's names, which takes the place of the resource. */
  readonly graph?: string
  readonly name: string
}

function v2OfUser(params: Params, at: Situation): Params {
  const [scope, another] = every(params, 'scope')
  if (scope === undefined || another !== undefined) return params
  const tokens = words(scope)
  const asked = tokens.map(takenApart)
  const [resource, other] = new Set(asked.flatMap((each) => each.resource ?? []))
  // A user may agree to several APIs at once, but a token is for one.
  if (other !== undefined && at.endpoint === 'token') throw several(scope, [resource, other] as string[])
  const names = asked.filter(({ name }) => name !== '.default').map(({ name }) => name)
  const all = tokens.filter((token) => token.endsWith(DEFAULT_SCOPE)).slice(0, 1)
  const told = withParam(params, 'scope', ...(names.length === 0 ? [] : [[...new Set(names)].join(' ')]))
  const target = resource === undefined ? [] : [resource]
  const graph = asked.flatMap((each) => each.graph ?? []).slice(0, 1)
  return withParam(
    withParam(withParam(told, 'audience', ...target), ASKED_DEFAULT, ...all),
    ASKED_GRAPH,
    ...graph,
  )
}

function takenApart(token: string): Asked {
  const at = token.lastIndexOf('/')
  const [resource, name] = [token.slice(0, Math.max(at, 0)), token.slice(at + 1)]
  if (name === '') return { name: token }
  if (resource === '') return { name }
  return isGraph(resource) ? { graph: resource, name } : { resource, name }
}

function several(scope: string, resources: readonly string[]): OAuthError {
  return new OAuthError(
    'resource.conflict',
    `scope names ${oneOf(resources)}; ask for a token of each resource by itself`,
    { detail: { scope } },
  )
}

function words(scope: string): string[] {
  return scope.split(' ').filter((word) => word !== '')
}
