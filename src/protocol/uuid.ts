import { createHash } from 'node:crypto'

const NAMESPACE_URL = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')

/**
 * A name-based UUID: the same for the same names, on every machine and at every start.
 * @see https://www.rfc-editor.org/rfc/rfc9562.html#section-5.5
 */
export function uuidOf(...names: readonly string[]): string {
  const name = `urn:idp-double:${names.map(encoded).join(':')}`
  const bytes = createHash('sha1').update(NAMESPACE_URL).update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a text has the form of a UUID, in any letter case. */
export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** JSON can bring halves of characters, which have no UTF-8 and so no percent-encoding. */
function encoded(name: string): string {
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
}
