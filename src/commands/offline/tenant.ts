import type { ResolvedConfig } from '../../config/resolve.ts'
import type { Context, Tenant } from '../../context.ts'
import { oneOf } from '../../protocol/errors.ts'
import { urlOf } from '../../protocol/url.ts'
import { contextAt, createProvider } from '../../provider.ts'
import { baseUrl, configuredPorts } from '../../site.ts'
import { type Terminal, UsageError } from '../command.ts'
import { type ConfigValues, configure } from '../shell/configuration.ts'

export interface TargetValues extends ConfigValues {
  readonly client?: string
  readonly user?: string
  readonly tenant?: string
  readonly resource?: readonly string[]
  readonly audience?: readonly string[]
  readonly scope?: string
}

export interface Offline {
  readonly config: ResolvedConfig
  readonly client: string
  readonly cx: Context
}

/** The tenant and the client that the options name, in a provider that does not listen. @throws UsageError for unknown ones */
export async function offline(values: TargetValues, terminal: Terminal): Promise<Offline> {
  const { client = '', tenant: name, config: file } = values
  const { config } = await configure({ ...(file !== undefined && { config: file }), tls: 'maybe' }, terminal)
  const { tenants } = createProvider(config).world
  const tenant = find(tenants, name, client)
  const known = tenant.registry.clients
  if (known.get(client) === undefined) {
    throw new UsageError(
      `client ${client} is not declared in tenant ${tenant.name}; declared: ${oneOf(known.keys())}`,
    )
  }
  assertUser(values.user, tenant)
  return {
    config,
    client,
    cx: contextAt(baseUrl(config, configuredPorts(config), tenant.dialect.home), tenant),
  }
}

function assertUser(user: string | undefined, { name, registry: { users } }: Tenant): void {
  if (user === undefined || users.has(user)) return
  throw new UsageError(`user ${user} is not declared in tenant ${name}; declared: ${oneOf(users.keys())}`)
}

/** The named tenant, else the first that has the client. */
function find(tenants: readonly Tenant[], name: string | undefined, client: string): Tenant {
  const found =
    name === undefined
      ? (tenants.find(({ registry }) => registry.clients.has(client)) ?? tenants[0])
      : tenants.find((tenant) => tenant.name === name)
  if (found !== undefined) return found
  const known = oneOf(tenants.map((tenant) => tenant.name))
  throw new UsageError(
    name === undefined
      ? 'the configuration has no tenants'
      : `there is no tenant ${name}; there are: ${known}`,
  )
}

/** The parameters that select a resource: a name that is no URI goes into `audience`, as RFC 8707 has it. */
export function targetOf({ resource = [], audience = [] }: TargetValues): {
  readonly resource?: readonly string[]
  readonly audience?: readonly string[]
} {
  if (resource.length > 0 && audience.length > 0)
    throw new UsageError('--resource and --audience both say whom the token is for; give one of them')
  const named = resource.length > 0 ? resource : audience
  if (named.length === 0) return {}
  return resource.length > 0 && named.every((each) => urlOf(each) !== undefined && !each.includes('#'))
    ? { resource: named }
    : { audience: named }
}
