import { type ClientConfig, type Context, enforce, issuerOf, type ResourceConfig } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { every, type Params } from '../protocol/params.ts'
import { urlOf } from '../protocol/url.ts'

/** Who a token is for, and what decided it. */
export interface Audience {
  readonly aud: readonly string[]
  /** The declared ones among them. */
  readonly resources: readonly ResourceConfig[]
  readonly from: string
  /** Whether nothing named one. */
  readonly byDefault: boolean
}

/**
 * The audience that a request asks for: by `resource`, by `audience`, by the owners of the scope, else the
 * client's own, else the dialect's default.
 * @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2
 * @see https://www.rfc-editor.org/rfc/rfc9068.html#section-3
 */
export function resolveAudience(
  params: Params,
  scopes: readonly string[],
  client: ClientConfig,
  cx: Context,
): Audience {
  for (const name of ['resource', 'audience']) {
    const asked = [...new Set(every(params, name))]
    if (name === 'resource') for (const value of asked) assertResourceUri(value)
    if (asked.length > 0)
      return { ...declared(asked, client, cx), from: `request parameter ${name}`, byDefault: false }
  }
  const owners = [...new Set(scopes.flatMap((scope) => cx.tenant.registry.scopeOwners.get(scope) ?? []))]
  if (owners.length > 0)
    return {
      aud: owners.map(({ identifier }) => identifier),
      resources: owners,
      from: 'owner of the scope',
      byDefault: false,
    }
  if (client.audience.length > 0)
    return {
      ...declared(client.audience, client, cx),
      from: `audience of client ${client.client_id}`,
      byDefault: false,
    }
  return defaultAudience(client, cx)
}

function defaultAudience(client: ClientConfig, cx: Context): Audience {
  const owners = cx.tenant.dialect.defaultAudience === 'role owners' ? roleOwners(client, cx) : []
  if (owners.length === 0)
    return { aud: [issuerOf(cx)], resources: [], from: 'default: the provider itself', byDefault: true }
  return {
    aud: owners.map(({ identifier }) => identifier),
    resources: owners,
    from: `owner of the roles of client ${client.client_id}`,
    byDefault: false,
  }
}

function roleOwners({ roles }: ClientConfig, { tenant: { registry } }: Context): ResourceConfig[] {
  const owners = new Set(roles.flatMap((role) => registry.roleOwners.get(role) ?? []))
  return [...owners].flatMap((identifier) => registry.resources.get(identifier) ?? [])
}

/** MUST be an absolute URI without a fragment, RFC 8707 §2. */
function assertResourceUri(value: string): void {
  if (urlOf(value) !== undefined && !value.includes('#')) return
  throw new OAuthError(
    'resource.unknown',
    `resource ${shown(value)} is not an absolute URI without a fragment; a name that is no URI goes into audience`,
    {
      detail: { resource: value },
    },
  )
}

function declared(
  asked: readonly string[],
  client: ClientConfig,
  cx: Context,
): Pick<Audience, 'aud' | 'resources'> {
  const { resources } = cx.tenant.registry
  const found: ResourceConfig[] = []
  for (const name of asked) {
    const resource = resources.get(name)
    if (resource !== undefined) found.push(resource)
    else if (!client.audience.includes(name)) enforce('resource', unknown(name, client, cx), cx)
  }
  return { aud: asked, resources: [...new Set(found)] }
}

function unknown(name: string, client: ClientConfig, cx: Context): OAuthError {
  const known = [
    ...new Set([...cx.tenant.config.resources.map(({ identifier }) => identifier), ...client.audience]),
  ]
  return new OAuthError(
    'resource.unknown',
    `${shown(name)} is not a declared resource; declared: ${oneOf(known)}. Add it under resources, or set the client's audience`,
    { detail: { resource: name, client_id: client.client_id } },
  )
}
