import * as v from 'valibot'
import { changeTenant } from '../config/change.ts'
import type { TenantConfig } from '../config/resolve.ts'
import { strict } from '../config/strict.ts'
import { isOfficial, type Tenant } from '../context.ts'
import { KeyError } from '../keys/key_error.ts'
import { sandboxName } from '../protocol/sandbox_name.ts'
import type { Random } from '../random.ts'
import type { Resident } from '../world/resident.ts'
import { call, type Desk, type Noun } from './call.ts'
import { changeOptions } from './change_options.ts'
import { because, Problem } from './problem.ts'
import { tenantFacts } from './provider.ts'
import { changing } from './refused_change.ts'

const sandbox = () => strict({ id: v.string(), issuer: v.string(), url: v.string(), dialect: v.string() })

/** Tenants of tests' own. */
export const sandboxes: Noun = {
  name: 'sandboxes',
  summary: 'Tenants of tests of their own',
  calls: [
    {
      method: 'GET',
      path: '/sandboxes',
      summary: 'The sandboxes that are there, the one that was used longest ago first.',
      forServer: true,
      gives: () => strict({ items: v.array(sandbox()) }),
      answer: (_asked, desk) => ({
        json: { items: desk.world.sandboxes.residents.map((each) => facts(each, desk)) },
      }),
    },
    call({
      method: 'POST',
      path: '/sandboxes',
      summary:
        'Makes a tenant of its own out of what the configuration says of the tenant, with the keys of the body laid over: users, clients, resources, lifetimes and the rest as in a configuration; lists by their names. Where it is and whose manners it has cannot be changed. Users have the same sub as there; keys are shared, unless the body has some. It goes when nobody used it for control.sandboxes.idle; 429: there are control.sandboxes.most already.',
      body: () => v.record(v.string(), v.any()),
      bodyOptional: true,
      gives: sandbox,
      async answer({ body }, desk) {
        const { world, resident } = desk
        const { config, keys } = resident.configured
        const { seed } = resident.tenant
        const copy = copyOf(config, resident.tenant)
        const changed =
          Object.keys(body).length === 0
            ? copy
            : await changing(() => changeTenant(copy, body, changeOptions(resident, world)))
        const own = body['keys'] === undefined ? { seed, keys } : { seed }
        return {
          status: 201,
          json: facts(
            opening(() => world.open(changed, own)),
            desk,
          ),
        }
      },
    }),
    {
      method: 'DELETE',
      path: '/sandboxes/{id}',
      summary: 'Drops a sandbox with all that it knows.',
      forServer: true,
      answer({ named: { id = '' } }, { world }) {
        if (world.sandboxes.drop(id)) return { status: 204 }
        throw new Problem(404, `there is no sandbox ${id}; it may have been dropped, or idle for too long`)
      },
    },
  ],
}

function facts(resident: Resident, desk: Pick<Desk, 'context'>) {
  const { name: id, issuer, url, dialect } = tenantFacts(resident, desk)
  return { id, issuer, url, dialect }
}

/** The same at a place of its own: it cannot have the names of another. */
function copyOf(config: TenantConfig, tenant: Tenant): TenantConfig {
  const { dialect, random, cloud } = tenant
  const { id: _, ...rest } = config
  const place = dialect.tenantIsGuid ? guid(random) : { name: sandboxName(random.of) }
  const copy = { ...rest, ...place, isRoot: false, aliases: [], hosts: [] }
  if (cloud === undefined) return copy
  // It was its hosts that made it so.
  const entra = isOfficial(tenant) ? { ...config.entra, issuer: 'microsoft' as const } : config.entra
  return { ...copy, entra, ...knownTo(tenant, cloud) }
}

/** What is called by its id is found by it in any letter case. */
function guid(random: Random): { readonly name: string; readonly id: string } {
  const id = random.uuid()
  return { name: id, id }
}

/** With the applications and APIs of its neighbours, for it will have none. */
function knownTo(
  { config }: Tenant,
  { configs, shared }: NonNullable<Tenant['cloud']>,
): Pick<TenantConfig, 'clients' | 'resources'> {
  const { clients, resources } = config
  if (configs.length === 1) return { clients, resources }
  const others = <T>(own: readonly T[], all: Iterable<T>, nameOf: (item: T) => string): readonly T[] => {
    const names = new Set(own.map(nameOf))
    const more = [...new Set(all)].filter((item) => !names.has(nameOf(item)))
    return more.length === 0 ? own : [...own, ...more]
  }
  return {
    clients: others(clients, shared.clients.values(), ({ client_id }) => client_id),
    resources: others(resources, shared.resources.values(), ({ identifier }) => identifier),
  }
}

/** @throws Problem 429 where there are too many, 422 for keys that are none */
function opening(open: () => Resident): Resident {
  try {
    return open()
  } catch (cause) {
    if (cause instanceof RangeError) throw because(cause, 429, cause.message)
    if (cause instanceof KeyError) throw because(cause, 422, cause.message)
    throw cause
  }
}
