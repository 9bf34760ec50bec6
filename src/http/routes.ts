/** Paths to endpoints. Routes are the mount patterns of the dialects, so that their number does not grow with the tenants. */
import { Router } from '@koa/router'
import type { Dialect, Mounted } from '../context.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import { percentDecoded } from '../protocol/percent.ts'
import type { Site } from './site.ts'
import type { Arrival, Target, Visit } from './visit.ts'

/** Where tenants are mounted: one route each, for a route a path would cost every start and every request. */
type Place = { readonly prefix: string; readonly pattern: string }

/** @param arrive answers the visit; it is called for the first route with a tenant behind it */
export function createRoutes(site: Site, arrive: (visit: Visit, arrival: Arrival) => Promise<void>): Router {
  const router = new Router({ sensitive: true, strict: true })
  const targets = new Map(site.dialects.map((dialect) => [dialect, targetsOf(dialect, site.endpoints)]))
  for (const { prefix, pattern } of places(site)) {
    router.all(routeOf(prefix, pattern), async (koa, next) => {
      const visit = koa['visit'] as Visit
      const { param, path } = parts(koa.captures as readonly (string | undefined)[])
      const mounted = site.find({ pattern, param, hostname: visit.caller.hostname })
      const target = mounted && servedAt(mounted, targets.get(mounted.tenant.dialect)?.get(path))
      if (mounted !== undefined && target !== undefined) return arrive(visit, { mounted, target, prefix })
      if (mounted === undefined && param !== undefined)
        visit.missed ??= missed(site, targets, { prefix, pattern, path, param })
      return next()
    })
  }
  return router
}

/** Matches all that stands below a mount: what the pattern names first, the tenant mostly, then the endpoint's path. */
function routeOf(prefix: string, pattern: string): RegExp {
  const literal = `${prefix}${pattern}`.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/:(tenant|policy)/g, '([^/]+)')}(/.*)?$`)
}

/** The segments that the pattern names, and the path that is left. */
function parts(captures: readonly (string | undefined)[]): { param: string | undefined; path: string } {
  const named = captures.slice(0, -1).map((segment) => percentDecoded(segment ?? ''))
  return { param: named.length === 0 ? undefined : named.join('/'), path: captures.at(-1) ?? '' }
}

function servedAt({ only }: Mounted, target: Target | undefined): Target | undefined {
  return only === undefined || target?.endpoint.name === only ? target : undefined
}

type Targets = ReadonlyMap<Dialect, ReadonlyMap<string, Target>>

function targetsOf(dialect: Dialect, endpoints: readonly Endpoint[]): ReadonlyMap<string, Target> {
  const targets = new Map<string, Target>()
  for (const face of dialect.faces) {
    for (const endpoint of endpoints) {
      const path = face.endpoints[endpoint.name]
      if (path === undefined) continue
      targets.set(path, { face, endpoint })
      // The issuer itself, with and without its slash.
      if (path === '/') targets.set('', { face, endpoint })
    }
  }
  return targets
}

function places({ prefixes, dialects }: Site): Place[] {
  const patterns = new Set(dialects.flatMap(({ mount }) => [mount.only, mount.named]))
  // Last, for every other path begins there.
  if (dialects.some(({ mount }) => mount.metadataAtRoot)) patterns.add('')
  return prefixes.flatMap((prefix) => [...patterns].map((pattern) => ({ prefix, pattern })))
}

function missed(
  { dialects, sample }: Site,
  targets: Targets,
  { prefix, pattern, path, param }: Place & { readonly path: string; readonly param: string },
): Arrival | undefined {
  for (const dialect of dialects) {
    const target = targets.get(dialect)?.get(path)
    // Where the only tenant stands at the root, nobody meant a tenant.
    const named = sample(dialect).config.isRoot ? dialect.mount.only : dialect.mount.named
    if (target !== undefined && named === pattern) return { missing: dialect, target, param, prefix }
  }
  return undefined
}

const OIDC = '/.well-known/openid-configuration'
const METADATA = /^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(\/.*)?$/

/** Whether a canonical path is an address of metadata, there or not. */
export function isMetadata(path: string): boolean {
  return path.endsWith(OIDC)
}

/**
 * Every address of the metadata, as the one under the issuer: the well-known part may stand before the issuer's path
 * or behind it.
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-3.1
 */
export function canonicalPath(path: string): string {
  const inserted = METADATA.exec(path)
  if (inserted !== null) return `${(inserted[1] ?? '').replace(/\/$/, '')}${OIDC}`
  return path.endsWith('/.well-known/oauth-authorization-server')
    ? path.replace(/oauth-authorization-server$/, 'openid-configuration')
    : path
}
