/** Requests for what stands on the host beside the tenants. */
import type { CloudService, Visited } from '../cloud/cloud_service.ts'
import type { Context, Exchange, Tenant } from '../context.ts'
import { OAuthError, oneOf } from '../protocol/errors.ts'
import type { Request } from '../protocol/messages.ts'
import { percentDecoded } from '../protocol/percent.ts'
import { allowOrigin, options } from './cors.ts'
import type { Caller } from './host.ts'
import { addressOf, readHead, readRequest } from './read.ts'
import { plainRefusal } from './refusal.ts'
import type { Site } from './site.ts'
import { type Answer, transaction } from './transaction.ts'
import type { Visit } from './visit.ts'
import { write } from './write.ts'

/**
 * Answers a request that is for a service, and says whether it was. Tenants are asked before: one that is called as
 * something at the root of the cloud loses no endpoint by it.
 */
export async function serveCloud(visit: Visit, site: Site): Promise<boolean> {
  for (const service of site.services) {
    for (const prefix of site.prefixes) {
      const path = pathBelow(prefix, visit.koa.path)
      const found = path?.match(service.path)
      if (path === undefined || found === null || found === undefined) continue
      await arrive(visit, service, { site, prefix, path, named: decoded(found.groups ?? {}) })
      return true
    }
  }
  return false
}

interface At {
  readonly site: Site
  readonly prefix: string
  readonly path: string
  readonly named: Visited['named']
}

async function arrive(visit: Visit, service: CloudService, { site, prefix, path, named }: At): Promise<void> {
  const { koa, caller } = visit
  if (service.cors === true) allowOrigin(koa)
  if (koa.method === 'OPTIONS') return options(service, koa)
  const exchange: Exchange = { tenant: '', endpoint: service.name, notes: [] }
  visit.exchange = exchange
  const noted = (tenant: Tenant) => {
    exchange.tenant = tenant.name
    return { tenant, exchange }
  }
  const context = (tenant: Tenant): Context => ({
    ...noted(tenant),
    face: tenant.dialect.faces[0] as Context['face'],
    endpoint: 'token',
    bases: site.bases(caller, prefix, { tenant, byHost: tenant.config.hosts.includes(caller.hostname) }),
    mount: tenant.path,
    ip: addressOf(koa.req),
  })
  const home = (tenant: Tenant): Context => ({
    ...site.home(tenant),
    ...noted(tenant),
    ip: addressOf(koa.req),
  })
  const tenants = tenantsFor(service, site, caller)
  const isOwn = site.isOwn(caller, koa.req.headers as Request['headers'])
  const at = { path, named, tenants, isOwn, context, home, sandbox: site.sandbox }
  const answered = await answerOf(visit, service, at)
  const { response } = answered
  const tenant = tenants.find(({ name }) => name === exchange.tenant) ?? site.sandbox(exchange.tenant)
  if (tenant !== undefined) tenant.record(transaction(visit, answered, { tenant, exchange }), context(tenant))
  write(response, koa)
  if (!koa.req.complete) koa.set('Connection', 'close')
}

async function answerOf(visit: Visit, service: CloudService, at: Visited): Promise<Answer> {
  const { koa, exchange } = visit
  let request: Request = readHead(koa.req)
  try {
    request = await readRequest(koa.req, koa.search)
    assertMethod(service, request)
    return { request, response: await service.answer(request, at) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    if (exchange !== undefined)
      Object.assign(exchange, { reason: error.reason, description: error.description })
    return { request, response: service.refuse?.(error, request, at) ?? plainRefusal(error) }
  }
}

function assertMethod({ methods, name }: CloudService, { method }: Request): void {
  if (methods.includes((method === 'HEAD' ? 'GET' : method) as 'GET')) return
  throw new OAuthError('method.not_allowed', `${method} came, ${name} takes ${oneOf(methods)}`, {
    detail: { allow: methods.join(', ') },
  })
}

function pathBelow(prefix: string, path: string): string | undefined {
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined
}

function decoded(groups: Readonly<Record<string, string | undefined>>): Visited['named'] {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, value && percentDecoded(value)]),
  )
}

/** The tenants for whom a service is there; first those that the host stands for. */
function tenantsFor(service: CloudService, { tenants }: Site, { hostname }: Caller): readonly Tenant[] {
  const isHere = ({ config }: Tenant) => config.hosts.includes(hostname)
  return tenants
    .filter((tenant) => service.serves(tenant))
    .toSorted((one, other) => Number(isHere(other)) - Number(isHere(one)))
}
