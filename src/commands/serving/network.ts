import { networkInterfaces } from 'node:os'
import type { Ports } from '../../http/listen.ts'

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** What to say where others can reach the provider; undefined where none can. */
export function exposure(host: string, ports: Ports): string | undefined {
  if (isLoopback(host)) return undefined
  const served = (['http', 'https'] as const).filter((scheme) => ports[scheme] !== undefined)
  const urls = addresses(host).flatMap((address) =>
    served.map(
      (scheme) => `${scheme}://${address.includes(':') ? `[${address}]` : address}:${ports[scheme]}`,
    ),
  )
  const where = urls.length === 0 ? '' : ` at ${urls.join(', ')}`
  return `listening on ${host}: whoever reaches this machine over the network gets tokens${where}; --host 127.0.0.1 keeps it local`
}

/** The addresses behind a wildcard, link-local ones left out; any other host is its own address. */
function addresses(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && (host === '::' || family === 'IPv4'))
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80:'))
}
