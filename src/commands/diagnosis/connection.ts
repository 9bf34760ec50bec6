import { isAnswer, type Silence, TIMED_OUT } from './ask.ts'
import { type Check, ok, type Remark, type Seen, warn, wrong } from './check.ts'
import { because, placeOf } from './silence.ts'

const SLOW_MS = 2_000

/** Whether the host is found, and something answers there. */
export const connection: Check = {
  name: 'connection',
  look(seen) {
    const { discovery, otherScheme, url } = seen
    if (discovery === undefined || url === undefined) return []
    if (isAnswer(otherScheme)) {
      const { protocol } = new URL(otherScheme.url)
      const scheme = protocol.slice(0, -1)
      const text = `the port ${placeOf(discovery.url).port} speaks ${scheme}, not ${url.protocol.slice(0, -1)}`
      return [wrong(text, `give the client ${scheme}: in place of ${url.protocol}, or the port of the other`)]
    }
    if (!isAnswer(discovery)) return [silent(discovery, seen)]
    const ms = Math.round(discovery.ms)
    return [ms > SLOW_MS ? warn(`the answer took ${ms} ms`) : ok(`answers in ${ms} ms`)]
  },
}

const NAME =
  'check the name: a service of docker compose is known by its name to the containers of its network only, and to the machine itself as localhost with the published port'

const CHANGES: Readonly<Record<string, string>> = {
  ENOTFOUND: NAME,
  EAI_AGAIN: NAME,
  [TIMED_OUT]:
    'check that the port is the right one and nothing on the way drops packets; --timeout waits longer',
}

/** What came is no answer: HTTP that cannot be read, or too much of it. */
const STRANGE = /^(HPE_|NO_HTTP|$)/

function silent(silence: Silence, { url }: Seen): Remark {
  if (STRANGE.test(silence.code))
    return wrong(because(silence), 'check host and port: another program answers there than the provider')
  const isLocal = /^(localhost|127\..*|\[::1\])$/.test(url?.hostname ?? '')
  const start = 'start the provider, or give the client the port that the provider prints'
  const inside = 'in a container give it the name of its service, for localhost is the container itself'
  return wrong(because(silence), CHANGES[silence.code] ?? (isLocal ? `${start}; ${inside}` : start))
}
