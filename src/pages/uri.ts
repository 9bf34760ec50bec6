import { urlOf } from '../protocol/url.ts'

/** Which addresses may become links, images and frames: they come from clients, some of them over the network. */

/** Schemes that run, hold or read content on the spot instead of going to another place. */
const NO_PLACE = [
  'javascript:',
  'data:',
  'vbscript:',
  'blob:',
  'file:',
  'filesystem:',
  'about:',
  'view-source:',
]

/** A scheme and host that a policy can name; a host in brackets and one with punctuation it cannot. */
const HOST_SOURCE = /^https?:\/\/[a-z0-9._-]+(:\d+)?$/

/** Whether this is an absolute http or https URL, as a browser reads it. */
export function isWeb(uri: string): boolean {
  return ['http:', 'https:'].includes(protocolOf(uri))
}

/**
 * Whether a browser may be sent there: any scheme that a native application may have registered.
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7.1
 */
export function isPlace(uri: string): boolean {
  const protocol = protocolOf(uri)
  return protocol !== '' && !NO_PLACE.includes(protocol)
}

/**
 * What a policy must allow so that this http or https URL may be loaded.
 * @see https://www.w3.org/TR/CSP3/#grammardef-host-source
 */
export function sourceOf(uri: string): string {
  const { origin, protocol } = new URL(uri)
  return HOST_SOURCE.test(origin) ? origin : protocol
}

function protocolOf(uri: string): string {
  return urlOf(uri)?.protocol ?? ''
}
