/** Format, lifetime and algorithm of a token: the client's own word, else the resource's, else the dialect's. */
import type { Context, ResourceConfig } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Audience } from './audience.ts'
import type { AccessTokenRequest } from './request.ts'

export interface Settings {
  readonly format: 'jwt' | 'opaque'
  readonly lifetime: number
  readonly lifetimeFrom: string
  readonly alg: string | undefined
  readonly version: number | undefined
}

/** @throws OAuthError resource.conflict where the resources of one token want different things */
export function settingsFor(
  { client, over }: AccessTokenRequest,
  { resources }: Audience,
  cx: Context,
): Settings {
  const { config, dialect, keys } = cx.tenant
  const [lifetime, lifetimeFrom] = pick<number>([
    [over?.lifetime, 'asked for'],
    [client.access_token.lifetime, `access_token.lifetime of client ${client.client_id}`],
    [shortest(resources), 'access_token.lifetime of the resource'],
    [config.lifetimes.access_token, 'lifetimes.access_token'],
    [dialect.accessToken.lifetime, `default of dialect ${dialect.name}`],
  ])
  const { format, versions } = dialect.accessToken
  return {
    format: client.access_token.format ?? agreed('format', resources, format) ?? format,
    lifetime,
    lifetimeFrom,
    alg: client.access_token.signing_alg ?? agreed('signing_alg', resources, keys.algs()[0]),
    version: agreed('version', resources, versions[0]) ?? versions[0],
  }
}

function pick<T>(choices: readonly (readonly [T | undefined, string])[]): readonly [T, string] {
  return choices.find(([value]) => value !== undefined) as readonly [T, string]
}

function shortest(resources: readonly ResourceConfig[]): number | undefined {
  const lifetimes = resources.flatMap(({ access_token }) => access_token.lifetime ?? [])
  return lifetimes.length === 0 ? undefined : Math.min(...lifetimes)
}

/** One token cannot suit resources that want different things of it; RFC 8707 §2.2 lets a server refuse. */
function agreed<K extends 'format' | 'signing_alg' | 'version'>(
  name: K,
  resources: readonly ResourceConfig[],
  fallback: ResourceConfig['access_token'][K],
): ResourceConfig['access_token'][K] {
  const given = resources.map(({ access_token }) => access_token[name])
  if (new Set(given.map((value) => value ?? fallback)).size > 1) {
    const who = resources.map(({ identifier }) => identifier).join(' and ')
    throw new OAuthError(
      'resource.conflict',
      `${who} want tokens of different ${name}; ask for one token each`,
    )
  }
  return given.find((value) => value !== undefined)
}
