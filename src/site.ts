/** Finds tenants and base URLs for the HTTP layer: the same cost for one tenant and for thousands. */
import type { ResolvedConfig } from './config/resolve.ts'
import type { Bases, Dialect, Tenant } from './context.ts'
import type { Caller } from './http/host.ts'
import type { Mounted, Site } from './http/site.ts'
import { pathNames } from './tenant.ts'

/** The base of all issuers: as configured, byte for byte, or where the listener is. */
export function baseUrl({ server, issuer }: Pick<ResolvedConfig, 'server' | 'issuer'>, port: number): string {
  return issuer.url ?? `http://${shownHost(server.host)}:${port}${server.base_path}`
}

/** Wildcards and loopback addresses are `localhost` to those who call. */
function shownHost(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1', 'localhost'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Everything stands under the base path, and under the issuer's path, which a proxy may cut off or not. */
export function prefixesOf({ server, issuer }: ResolvedConfig): string[] {
  const path = issuer.url === null ? '' : new URL(issuer.url).pathname.replace(/\/$/, '')
  return [...new Set([server.base_path, ...(issuer.url === null ? [] : [path])])]
}

export function createFinder(tenants: readonly Tenant[]): Site['find'] {
  const patterns = new Map<string, Map<string, Tenant>>()
  for (const tenant of tenants) {
    const pattern = patternOf(tenant)
    const byName = patterns.get(pattern) ?? new Map<string, Tenant>()
    patterns.set(pattern, byName)
    for (const name of pattern === '' ? [''] : pathNames(tenant))
      if (!byName.has(name)) byName.set(name, tenant)
  }
  const atRoot = new Map(
    tenants
      .filter(({ dialect }) => dialect.mount.only === '')
      .flatMap((tenant) => tenant.config.hosts.map((host) => [host, tenant] as const)),
  )
  return ({ pattern, param = '', hostname }) => {
    const rootOfHost = pattern === '' ? atRoot.get(hostname) : undefined
    if (rootOfHost !== undefined) return { tenant: rootOfHost, path: '', byHost: true }
    const byName = patterns.get(pattern)
    const tenant = byName?.get(param) ?? guid(byName?.get(param.toLowerCase()))
    return tenant === undefined ? undefined : mounted(tenant, hostname)
  }
}

function patternOf({ config, dialect }: Tenant): string {
  return config.isRoot ? dialect.mount.only : dialect.mount.named
}

function guid(tenant: Tenant | undefined): Tenant | undefined {
  return tenant?.dialect.tenantIsGuid === true ? tenant : undefined
}

function mounted(tenant: Tenant, hostname: string): Mounted {
  return { tenant, path: tenant.path, byHost: tenant.config.hosts.includes(hostname) }
}

/** Where issuer, caller and browsers see the provider, by the rules of `issuer.mode`. */
export function createBases({ server, issuer }: ResolvedConfig, base: string): Site['bases'] {
  const { host, origin, pathname } = new URL(base)
  const front = frontOf(server.public_url)
  return (caller: Caller, prefix: string, byHost: boolean): Bases => {
    const here = `${caller.origin}${caller.prefix}${prefix}`
    const follows = issuer.mode === 'request' || byHost
    const atHome = !follows && caller.host === host
    const issuerBase = follows ? here : base
    const path = follows ? `${caller.prefix}${prefix}` : pathname
    return {
      issuer: issuerBase,
      mode: issuer.mode,
      // At the issuer's own host the issuer's scheme and path hold: a proxy may have changed both.
      caller: atHome ? base : here,
      front: front === undefined ? (follows ? here : `${origin}${pathname}`) : front(path),
    }
  }
}

/** A public URL with a path is the base itself; one without stands for the origin. */
function frontOf(publicUrl: string | null): ((path: string) => string) | undefined {
  if (publicUrl === null) return undefined
  const { pathname, origin } = new URL(publicUrl)
  return pathname === '/' ? (path) => `${origin}${path}` : () => publicUrl
}

/** Each dialect in use with one tenant that speaks it. */
export function samples(tenants: readonly Tenant[]): ReadonlyMap<Dialect, Tenant> {
  const found = new Map<Dialect, Tenant>()
  for (const tenant of tenants) if (!found.has(tenant.dialect)) found.set(tenant.dialect, tenant)
  return found
}
