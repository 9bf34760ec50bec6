/** Where the provider is: base URLs for the HTTP layer and for those who ask. */
import { asksForCertificates } from './config/asks_for_certificates.ts'
import { HTTPS_PORT } from './config/port.ts'
import type { ResolvedConfig, ServerConfig } from './config/resolve.ts'
import type { Bases, Dialect, Mounted } from './context.ts'
import type { Caller } from './http/host.ts'
import type { Ports } from './http/listen.ts'
import type { Site } from './http/site.ts'

/** The base of the issuers that are at home at http or https: as configured, byte for byte, or where the listener is. */
export function baseUrl(
  { server, issuer }: Pick<ResolvedConfig, 'server' | 'issuer'>,
  ports: Ports,
  home: Dialect['home'] = 'http',
): string {
  return issuer.url ?? listenerUrl(server, ports, home)
}

/** Where the listener is, whatever the issuer is called: at http, unless https is asked for or alone. */
export function listenerUrl(
  server: Pick<ServerConfig, 'host' | 'base_path'>,
  ports: Ports,
  home: Dialect['home'] = 'http',
): string {
  const scheme = ports[home] === undefined ? (home === 'http' ? 'https' : 'http') : home
  return `${scheme}://${shownHost(server.host)}:${ports[scheme]}${server.base_path}`
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

/** Where issuer, caller and browsers see the provider, by the rules of `issuer.mode`. */
export function createBases(config: ResolvedConfig, ports: Ports): Site['bases'] {
  const urls = { http: baseUrl(config, ports, 'http'), https: baseUrl(config, ports, 'https') }
  const homes = { http: basesAt(config, urls.http), https: basesAt(config, urls.https) }
  const known = { homes: [...new Set(Object.values(urls))] }
  const shows = ports.https !== undefined && asksForCertificates(config)
  const trustsClientCa = (config.server.tls?.client_ca ?? null) !== null
  return (caller, prefix, { tenant, byHost }) => {
    const bases = homes[tenant.dialect.home](caller, prefix, {
      mode: issuerMode(config, tenant.dialect),
      byHost,
    })
    if (!shows) return { ...bases, ...known }
    return { ...bases, ...known, mtls: secured(caller, prefix, ports.https as number), trustsClientCa }
  }
}

/** Whether issuers follow the caller: as configured, else as the dialect's clients want it. */
export function issuerMode({ issuer }: Pick<ResolvedConfig, 'issuer'>, dialect: Dialect): Bases['mode'] {
  return issuer.mode ?? (issuer.url === null ? dialect.issuerMode : 'fixed')
}

/** The host that the caller used, over TLS that ends here: a proxy that ends it keeps the certificates to itself. */
function secured({ origin, hostname, isDirect }: Caller, prefix: string, port: number): string {
  const isHere = isDirect && origin.startsWith('https:')
  return `${isHere ? origin : new URL(`https://${hostname}:${port}`).origin}${prefix}`
}

type Follows = Pick<Mounted, 'byHost'> & Pick<Bases, 'mode'>

function basesAt({ server }: ResolvedConfig, base: string) {
  const { host, origin, pathname } = new URL(base)
  const front = frontOf(server.public_url)
  return (caller: Caller, prefix: string, { mode, byHost }: Follows): Bases => {
    const here = `${caller.origin}${caller.prefix}${prefix}`
    const follows = mode === 'request' || byHost
    const atHome = !follows && caller.host === host
    const issuerBase = follows ? here : base
    const path = follows ? `${caller.prefix}${prefix}` : pathname
    return {
      issuer: issuerBase,
      mode,
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

/** The ports that the configuration names; one that is any port is shown as it is written. Where it names none, serve --tls does. */
export function configuredPorts({ server: { port, tls } }: Pick<ResolvedConfig, 'server'>): Ports {
  return { http: port ?? undefined, https: tls?.port ?? (port === null ? HTTPS_PORT : undefined) }
}
