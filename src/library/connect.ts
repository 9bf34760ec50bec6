/** The object that a test holds, for a provider that runs elsewhere. */
import type { ConnectOptions, Idp } from '../api.ts'
import { parseDuration } from '../protocol/duration.ts'
import { createIdp } from './create_idp.ts'
import { elsewhere } from './elsewhere.ts'
import { overHttp } from './over_http.ts'
import { trusting } from './trusting.ts'

/** @throws TypeError for no URL of http or https, and for no file of a CA @throws Error where no provider answers */
export async function connect(url: string, options: ConnectOptions): Promise<Idp> {
  const { token, caFile, fetch: given, timeout = '30s' } = options
  const base = baseOf(url)
  // One setting for both: over http the CA is for who reads caFile.
  const isSecure = caFile !== undefined && base.startsWith('https:')
  const fetch = given ?? (isSecure ? await trusting(caFile) : globalThis.fetch)
  const transport = overHttp({ url: base, token, fetch, patience: parseDuration(timeout) })
  const known = await elsewhere(base, { transport, caFile })
  return createIdp({ transport, known, stop: known.forget })
}

function baseOf(url: string): string {
  const { protocol, origin, pathname } = parsed(url)
  if (protocol === 'http:' || protocol === 'https:')
    return `${origin}${pathname}`.replace(/\/+(_mock\/*)?$/, '')
  throw new TypeError(`connectIdp takes a URL of http or https, not ${url}`)
}

function parsed(url: string): URL {
  try {
    return new URL(url)
  } catch (cause) {
    const given = url === undefined ? 'undefined' : JSON.stringify(url)
    throw new TypeError(
      `connectIdp takes the base URL of a provider, such as http://localhost:8080, not ${given}`,
      {
        cause,
      },
    )
  }
}
