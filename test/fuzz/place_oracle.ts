/** Where an answer may send a browser: to registered URIs, and to the provider's own pages. */
import type { EndpointName } from '../../src/context.ts'
import { isLoopback } from '../../src/protocol/loopback.ts'
import type { Expected } from './oracle.ts'
import { CLIENTS, type Sent, type World } from './world.ts'

const PAGES: readonly EndpointName[] = ['login', 'consent', 'end_session_confirmation']

const REGISTERED = CLIENTS.flatMap((client) => [
  ...('redirect_uris' in client ? client.redirect_uris : []),
  ...('post_logout_redirect_uris' in client ? client.post_logout_redirect_uris : []),
])

/** Whether a client registered the URI; of those at this machine the port is free. */
export function isRegistered(uri: string, { registered = [] }: Pick<Expected, 'registered'>): boolean {
  const all = [...REGISTERED, ...registered]
  return all.includes(uri) || all.includes(uri.replace(/^(http:\/\/127\.0\.0\.1):\d+/, '$1'))
}

/** What is wrong with a Location; nothing where it is one that it may be. */
export function wrongPlace(location: string, sent: Sent, expected: Expected): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(location)) return `Location has odd characters: ${location}`
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return wrongClient(location, expected)
  if (/^[/\\]{2}|\\/.test(location)) return `Location leads to another host: ${location}`
  const { pathname, search } = new URL(location, `http://provider${sent.path.replace(/^\/+/, '/')}`)
  if (!/^\?interaction=[\w-]+$/.test(search)) return `Location has another query: ${location}`
  return pagePaths(expected.world).has(pathname) ? undefined : `Location is none of the pages: ${location}`
}

/** A registered URI, and behind it the parameters of the answer. */
function wrongClient(location: string, expected: Expected): string | undefined {
  const cuts = [...location.matchAll(/[?&#]|$/g)].map(({ index }) => location.slice(0, index))
  if (cuts.some((uri) => isRegistered(uri, expected))) return undefined
  // A lax tenant lets pass any URI of this machine.
  const lax =
    isLoopback(location) && expected.world.tenants.some(({ config }) => config.strictness.default === 'lax')
  return lax ? undefined : `Location is not registered: ${location}`
}

function pagePaths({ tenants }: World): ReadonlySet<string> {
  const paths = tenants.flatMap(({ paths: mounts, dialect }) =>
    mounts.flatMap((mount) =>
      dialect.faces.flatMap(({ endpoints }) => PAGES.map((page) => `${mount}${endpoints[page]}`)),
    ),
  )
  return new Set(paths)
}
