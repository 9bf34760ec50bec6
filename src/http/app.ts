/** The order of things for every request; the only place where the web framework is put together. */
import Koa, { type Context as KoaContext } from 'koa'
import { monotonic } from '../clock.ts'
import type { Context, Exchange } from '../context.ts'
import { answer, refuse } from '../endpoints/answer.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { type EndpointResponse, json, NO_STORE } from '../protocol/messages.ts'
import { caCertificate } from './ca.ts'
import { allowOrigin, isPreflight, options } from './cors.ts'
import { health } from './health.ts'
import { callerOf } from './host.ts'
import { addressOf, readHead, readRequest } from './read.ts'
import { plainRefusal } from './refusal.ts'
import { canonicalPath, createRoutes, isMetadata } from './routes.ts'
import { serveCloud } from './serve_cloud.ts'
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
    if (health(koa, site) || caCertificate(koa, site)) return undefined
    const asked = koa.path
    koa.path = canonicalPath(asked)
    const visit: Visit = { koa, caller }
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
  const { koa } = visit
  const { endpoint } = arrival.target
  // Before anything is read that can be refused: a script shall see that answer too.
  if (endpoint.cors === true) allowOrigin(koa)
  if (koa.method === 'OPTIONS' && (isPreflight(koa) || !('missing' in arrival))) return options(endpoint, koa)
  const cx = contextOf(visit, arrival, site)
  visit.exchange = cx.exchange
  const response = await respond(visit, arrival, cx)
  cx.tenant.record(cx.exchange)
  write(response, koa)
  // The rest of a request that was refused half-way is not read.
  if (!koa.req.complete) koa.set('Connection', 'close')
}

/** A request that cannot be read is refused as its endpoint refuses: on a page, or in the dialect's words. */
async function respond({ koa }: Visit, arrival: Arrival, cx: Context): Promise<EndpointResponse> {
  const request = await readRequest(koa.req, koa.search).catch((error: unknown) => {
    if (error instanceof OAuthError) return error
    throw error
  })
  if (request instanceof OAuthError) return refuse(request, readHead(koa.req), cx)
  if ('missing' in arrival) return refuse(unknownTenant(arrival.param), request, cx)
  return answer(arrival.target.endpoint, request, cx)
}

function contextOf({ koa, caller }: Visit, arrival: Arrival, site: Site): Context {
  const { target, prefix } = arrival
  const mounted =
    'missing' in arrival ? { tenant: site.sample(arrival.missing), path: '', byHost: false } : arrival.mounted
  const tenant =
    'missing' in arrival ? { ...mounted.tenant, name: arrival.param, id: arrival.param } : mounted.tenant
  return {
    tenant,
    face: target.face,
    endpoint: target.endpoint.name,
    bases: site.bases(caller, prefix, mounted),
    mount: mounted.path,
    ip: addressOf(koa.req),
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
  if (await serveCloud(visit, site)) return
  if (visit.missed !== undefined) return arrive(visit, visit.missed, site)
  // A browser application with a wrong issuer is told so.
  if (isMetadata(visit.koa.path)) allowOrigin(visit.koa)
  await readRequest(visit.koa.req, visit.koa.search)
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
