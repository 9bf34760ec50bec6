import type { Context } from '../context.ts'
import type { Metadata } from './members.ts'
import { refusal } from './reader.ts'

/**
 * Refuses URLs that would have the provider call a host nobody configured: a registration is a request like any
 * other, and no request may choose whom the provider calls.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-5
 */
export function assertOutgoing(metadata: Metadata, { tenant: { outbound } }: Context): void {
  for (const [name, url] of outgoing(metadata)) {
    if (outbound.allows(url)) continue
    const { origin } = new URL(url)
    const text = `${name} is at ${origin}, which this provider may not call`
    throw refusal(name, `${text}; add ${origin} to registration.allowed_origins in the configuration`)
  }
}

/** Everything in the metadata that the provider fetches or posts to. */
function outgoing(metadata: Metadata): (readonly [name: string, url: string])[] {
  const { request_uris = [] } = metadata
  const single = ['jwks_uri', 'sector_identifier_uri', 'backchannel_logout_uri'] as const
  return [
    ...single.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]] as const])),
    ...request_uris.map((url, index) => [`request_uris[${index}]`, url] as const),
  ]
}
