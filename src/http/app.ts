/** The order of things for every request; the only place where the web framework is put together. */
import Koa, { type Context as KoaContext } from 'koa'
import { monotonic } from '../clock.ts'
import type { Context, Exchange } from '../context.ts'
import { answer, refuse } from '../endpoints/answer.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { type EndpointResponse, json, NO_STORE } from '../protocol/messages.ts'
import { health } from './health.ts'
import { callerOf } from './host.ts'
import { readRequest } from './read.ts'
import { canonicalPath, createRoutes } from './routes.ts'
import type { Site } from './site.ts'
import type { Arrival, Visit } from './visit.ts'
import { write } from './write.ts'

/** The provider as a request listener. */
export function createApp(site: Site): ReturnType<Koa['callback']> {
  const app = new Koa()
  const routes = createRoutes(site, (visit, arrival) => arrive(visit, arrival, site)).routes()
  app.use(async (koa) => {
    const started = monotonic()
    const { method, path } = koa
    koa.set('X-Mock-IdP', 'idp-double')
    const exchange: { now: Exchange } = { now: { tenant: '', endpoint: '', notes: [] } }
    const error = await serve(koa, { site, routes, exchange })
    const entry = {
      at: site.now(),
      method,
      path,
      status: koa.status,
      ms: monotonic() - started,
    }
    site.log({ ...entry, exchange: exchange.now, ...(error === undefined ? {} : { error }) })
  })
  // What Koa itself trips over, a broken connection mostly, has no answer to be given any more.
  app.on('error', () => undefined)
  return app.callback()
}

interface Service {
  readonly site: Site
  readonly routes: ReturnType<ReturnType<typeof createRoutes>['routes']>
  readonly exchange: { now: Exchange }
}

/** Answers the request; gives back a fault of ours, and nothing for all that was expected. */
async function serve(koa: KoaContext, { site, routes, exchange }: Service): Promise<unknown> {
  try {
    const caller = callerOf(koa.req, site.trustProxy)
    if (health(koa, site)) return undefined
    const asked = koa.path
    koa.path = canonicalPath(asked)
    const request = await readRequest(koa.req, koa.search)
    const visit: Visit = { koa, caller, request }
    const routed = Object.assign(koa, { visit })
    await routes(routed as never, () => notFound(visit, asked, site))
    if (visit.exchange !== undefined) exchange.now = visit.exchange
    return undefined
  } catch (error) {
    if (!(error instanceof OAuthError)) {
      write(
        json(
          500,
          membersOf({
            error: 'server_error',
            error_description: 'the provider failed; its log has the stack',
          }),
          NO_STORE,
        ),
        koa,
      )
      return error
    }
    exchange.now.reason = error.reason
    exchange.now.description = error.description
    write(plainRefusal(error), koa)
    // The rest of a request that was refused half-way is not read.
    if (!koa.req.complete) koa.set('Connection', 'close')
    return undefined
  }
}

async function arrive(visit: Visit, arrival: Arrival, site: Site): Promise<void> {
  const cx = contextOf(visit, arrival, site)
  visit.exchange = cx.exchange
  const response =
    'missing' in arrival
      ? refuse(unknownTenant(arrival.param), visit.request, cx)
      : await answer(arrival.target.endpoint, visit.request, cx)
  cx.tenant.record(cx.exchange)
  write(response, visit.koa)
}

function contextOf({ caller, request }: Visit, arrival: Arrival, site: Site): Context {
  const { target, prefix } = arrival
  const mounted =
    'missing' in arrival ? { tenant: site.sample(arrival.missing), path: '', byHost: false } : arrival.mounted
  const tenant =
    'missing' in arrival ? { ...mounted.tenant, name: arrival.param, id: arrival.param } : mounted.tenant
  return {
    tenant,
    face: target.face,
    endpoint: target.endpoint.name,
    bases: site.bases(caller, prefix, mounted.byHost),
    mount: mounted.path,
    ip: request.ip,
    exchange: { tenant: tenant.name, endpoint: target.endpoint.name, notes: [] },
  }
}

function unknownTenant(param: string): OAuthError {
  return new OAuthError(
    'tenant.unknown',
    `there is no tenant ${shown(param)} here; compare the URL with the issuers that the start printed`,
    { detail: { tenant: param } },
  )
}

async function notFound(visit: Visit, asked: string, site: Site): Promise<void> {
  if (visit.missed !== undefined) return arrive(visit, visit.missed, site)
  throw new OAuthError('route.not_found', `nothing is served at ${shown(asked)}; ${advice(asked)}`)
}

function advice(path: string): string {
  const twice = /^(.*)\/\.well-known\/openid-configuration\/\.well-known\//.exec(path)
  const inserted = /^\/\.well-known\/[^/]+(\/.*)\/\.well-known\//.exec(path)
  if (inserted !== null)
    return `the discovery URL was set as the issuer; its well-known part goes before the issuer's own path once: ${shown(inserted[1])}`
  if (twice !== null)
    return `the discovery URL was set as the issuer, set the part before /.well-known: ${shown(twice[1] || '/')}`
  return 'the discovery document lists what is: {issuer}/.well-known/openid-configuration'
}

function plainRefusal(error: OAuthError): EndpointResponse {
  const body = membersOf({ error: error.error, error_description: error.description })
  return json(error.status, body, { ...NO_STORE, 'x-mock-reason': error.reason })
}
