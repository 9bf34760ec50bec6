/**
 * By which host names a request may have come. A page of an attacker reaches this machine under a name of its own that it
 * has made mean this machine; under a name that means it anyway, it is a page of another site.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-7.4
 */
import { isIP } from 'node:net'
import type { ResolvedConfig } from '../config/resolve.ts'
import { isLoopbackHost } from '../protocol/loopback.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** How a request came: the host name that its sender used, as a trusted proxy tells it. */
interface Reached {
  readonly hostname: string
}

/** Whether a request came under a name that means this provider, and that nobody else can make mean it. */
export type IsOwn = (reached: Reached, headers: Headers) => boolean

/** Whether a host name is such a name. */
type OwnHosts = (hostname: string) => boolean

/** As the configuration is at that moment. */
export function ownNames(world: { readonly config: ResolvedConfig }, machine: string): IsOwn {
  let made: { readonly of: ResolvedConfig; readonly isOwn: OwnHosts } | undefined
  return ({ hostname }, { host = '' }) => {
    const { config } = world
    if (made?.of !== config) made = { of: config, isOwn: ownHosts(config, machine) }
    const { isOwn } = made
    // Also a trusted proxy cannot be told from a page that sends its headers: what it connected to must be own as well.
    return isOwn(hostname) && isOwn(nameIn(host))
  }
}

/** The name in a Host header, without its port. */
function nameIn(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}

/**
 * Loopback, and what the configuration names. Who listens for more than this machine is also reached by an address, and
 * by names of one word, as containers have: no name server that an attacker has answers for these.
 */
function ownHosts({ server, issuer, control, tenants }: ResolvedConfig, machine: string): OwnHosts {
  const urls = [issuer.url, server.public_url].flatMap((url) => (url === null ? [] : new URL(url).hostname))
  const own = [
    ...urls,
    ...control.hosts,
    ...(server.tls?.names ?? []),
    ...tenants.flatMap(({ hosts }) => hosts),
  ]
  const known = new Set([...own, machine, server.host].map((name) => bare(name.toLowerCase())))
  const isWide = isUnspecified(server.host)
  return (hostname) => {
    if (isLoopbackHost(hostname) || isOfContainers(hostname) || known.has(bare(hostname))) return true
    return isWide && (isIP(bare(hostname)) !== 0 || /^[a-z0-9_-]+$/.test(hostname))
  }
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** Whether who listens there is reached at every address of the machine. */
function isUnspecified(host: string): boolean {
  return isIP(host) !== 0 && /^[0:.]+$/.test(host)
}

/** What the machine is called from inside of a container; no name of the Internet ends so. */
function isOfContainers(hostname: string): boolean {
  return /^(?:[a-z0-9-]+\.)+internal$/.test(hostname)
}
