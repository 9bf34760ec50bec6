/** Finds the call that is meant, checks what came, answers. The same for HTTP and for the library in the same process. */
import * as v from 'valibot'
import { fail } from '../config/report.ts'
import { oneOf, shown } from '../protocol/errors.ts'
import { isTooDeep } from '../protocol/json.ts'
import { percentDecoded } from '../protocol/percent.ts'
import { isSandboxName } from '../protocol/sandbox_name.ts'
import { isGuid } from '../protocol/uuid.ts'
import type { World } from '../world/world.ts'
import type { Call, Control, Desk, Noun, Office } from './call.ts'
import * as registry from './index.ts'
import { described } from './openapi.ts'
import { Problem } from './problem.ts'
import { changing } from './refused_change.ts'

const NAMED: readonly Noun[] = Object.values(registry)

const NOUNS: readonly Noun[] = [...NAMED, described(NAMED)]

const CALLS: readonly Call[] = NOUNS.flatMap(({ calls }) => calls)

const ROUTES = CALLS.map((call) => ({
  call,
  names: [...call.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string),
  pattern: new RegExp(`^${call.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`),
}))

/** The control API of a provider that runs. */
export function createControl({ world, place, authority, context }: Office): Control {
  return {
    async answer({ method, path, query, body, base, headers = {}, signal = NEVER }) {
      const { call, named } = find(method, path)
      const { tenant: tenantName, ...rest } = query
      if (tenantName !== undefined && call.forServer === true)
        throw new Problem(400, `${call.path} is for the server as a whole; leave out tenant`)
      assertQuery(rest, call)
      const desk: Desk = {
        ...{ world, place, authority, tenantName, base },
        context: (tenant) => context(tenant, base),
        get resident() {
          return residentOf(tenantName, world)
        },
      }
      // A tenant that is not there is told first, also by a call that would not look at it.
      if (tenantName !== undefined) residentOf(tenantName, world)
      return call.answer({ named, query: rest, body: await bodyOf(body, call), headers, signal }, desk)
    },
  }
}

const NEVER = new AbortController().signal

function residentOf(name: string | undefined, world: World): Desk['resident'] {
  const found = world.resident(name)
  if (found !== undefined) return found
  if (name === undefined) throw new Problem(404, 'the configuration has no tenants')
  const known = oneOf(world.tenants.map((tenant) => tenant.name))
  const dropped = isSandboxName(name) || isGuid(name) ? '; a sandbox may have been dropped' : ''
  throw new Problem(404, `there is no tenant ${shown(name)}; configured: ${known}${dropped}`)
}

function find(method: string, path: string): { call: Call; named: Record<string, string> } {
  const there = ROUTES.filter(({ pattern }) => pattern.test(path))
  const route = there.find(({ call }) => call.method === (method === 'HEAD' ? 'GET' : method))
  if (route !== undefined) {
    const values = route.pattern.exec(path)?.slice(1) ?? []
    const pairs = route.names.map((name, at) => [name, percentDecoded(values[at] ?? '')] as const)
    return { call: route.call, named: Object.fromEntries(pairs) }
  }
  if (there.length === 0)
    throw new Problem(404, `there is no call ${shown(path)}; GET /_mock/openapi.json lists them`)
  const taken = new Set<string>(there.map(({ call }) => call.method))
  const methods = [...taken, ...(taken.has('GET') ? ['HEAD'] : [])]
  throw new Problem(405, `${method} came, ${shown(path)} takes ${oneOf(methods)}`, {
    headers: { allow: methods.join(', ') },
  })
}

function assertQuery(query: Readonly<Record<string, string>>, { query: known = {}, path }: Call): void {
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(known, name))
  if (unknown === undefined) return
  const names = ['tenant', ...Object.keys(known)]
  throw new Problem(400, `${path} has no parameter ${shown(unknown)}; it takes ${oneOf(names)}`)
}

/** A body that fits, with what the schema makes of it. */
async function bodyOf(body: unknown, { body: schema, bodyOptional, path }: Call): Promise<unknown> {
  if (schema === undefined) {
    if (body === undefined) return undefined
    throw new Problem(400, `${path} takes no body`)
  }
  if (body === undefined && bodyOptional !== true)
    throw new Problem(400, `${path} takes a JSON body, none came`)
  if (isTooDeep(body)) throw new Problem(400, 'the body is nested more than 32 levels deep')
  const { output, issues } = v.safeParse(schema(), body ?? {})
  return issues === undefined ? output : await changing(() => fail({ issues }, { file: 'body' }))
}
