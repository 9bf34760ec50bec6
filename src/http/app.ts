/** The order of things for every request; the only place where the web framework is put together. */
import Koa, { type Context as KoaContext } from 'koa'
import { monotonic } from '../clock.ts'
import type { Context, Exchange } from '../context.ts'
import { answer, refuse } from '../endpoints/answer.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE } from '../protocol/messages.ts'
import { isSandboxName } from '../protocol/sandbox_name.ts'
import { allowOrigin, isPreflight, options } from './cors.ts'
import { health } from './health.ts'
import { callerOf } from './host.ts'
import { addressOf, readHead, readRequest } from './read.ts'
import { plainRefusal } from './refusal.ts'
import { canonicalPath, createRoutes, isMetadata } from './routes.ts'
import { serveCloud } from './serve_cloud.ts'
import { serveControl } from './serve_control.ts'
import type { Site } from './site.ts'
import { type Answer, transaction } from './transaction.ts'
import type { Arrival, Visit } from './visit.ts'
import { write } from './write.ts'

/** The provider as a request listener. */
export function createApp(site: Site): ReturnType<Koa['callback']> {
  const app = new Koa()
  const routes = routing(site)
  app.use(async (koa) => {
    const started = monotonic()
    const { method, path } = koa
    koa.set('X-Mock-IdP', 'idp-double')
    const exchange: { now: Exchange } = { now: { tenant: '', endpoint: '', notes: [] } }
    const error = await serve(koa, { site, routes: routes(), exchange, started })
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

type Routes = ReturnType<ReturnType<typeof createRoutes>['routes']>

/** The routes of the dialects that are served now. */
function routing(site: Site): () => Routes {
  let made: { readonly for: Site['dialects']; readonly routes: Routes } | undefined
  return () => {
    const { dialects } = site
    if (made?.for !== dialects)
      made = {
        for: dialects,
        routes: createRoutes(site, (visit, arrival) => arrive(visit, arrival, site)).routes(),
      }
    return made.routes
  }
}

interface Service {
  readonly site: Site
  readonly routes: Routes
  readonly exchange: { now: Exchange }
  readonly started: number
}

/** Answers the request; gives back a fault of ours, and nothing for all that was expected. */
async function serve(koa: KoaContext, { site, routes, exchange, started }: Service): Promise<unknown> {
  try {
    const caller = callerOf(koa.req, site.trustProxy)
    if (health(koa, site)) return undefined
    const called = await serveControl(koa, caller, site)
    if (called !== undefined) {
      exchange.now = called
      return undefined
    }
    const asked = koa.path
    koa.path = canonicalPath(asked)
    const visit: Visit = { koa, caller, started }
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
  const { request, response } = await respond(visit, arrival, cx)
  cx.tenant.record(transaction(visit, { request, response }, cx), cx)
  write(response, koa)
  // The rest of a request that was refused half-way is not read.
  if (!koa.req.complete) koa.set('Connection', 'close')
}

/** A request that cannot be read is refused as its endpoint refuses: on a page, or in the dialect's words. */
async function respond({ koa }: Visit, arrival: Arrival, cx: Context): Promise<Answer> {
  const read = await readRequest(koa.req, koa.search).catch((error: unknown) => {
    if (error instanceof OAuthError) return error
    throw error
  })
  const request = read instanceof OAuthError ? readHead(koa.req) : read
  if (read instanceof OAuthError) return { request, response: refuse(read, request, cx) }
  if ('missing' in arrival) return { request, response: refuse(unknownTenant(arrival.param), request, cx) }
  return { request, response: await answer(arrival.target.endpoint, request, cx) }
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
  if (path.split('/').some(isSandboxName))
    return 'the sandbox was dropped, or nobody used it for too long; make another'
  return 'the discovery document lists what is: {issuer}/.well-known/openid-configuration'
}
