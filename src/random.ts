/** The one source of randomness: identifiers, opaque tokens, secrets. */
import { randomUUID } from 'node:crypto'
import { customAlphabet, nanoid } from 'nanoid'

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export interface Random {
  /** A version 4 UUID. @see https://www.rfc-editor.org/rfc/rfc9562.html#section-5.4 */
  uuid(): string
  /** `length` base64url characters; 32 carry 192 bits. */
  token(length: number): string
  /** `length` characters of `0-9A-Za-z`. */
  alphanumeric(length: number): string
  /** `length` characters of this alphabet. */
  of(alphabet: string, length: number): string
}

export const random: Random = {
  uuid: () => randomUUID(),
  token: (length) => nanoid(length),
  alphanumeric: customAlphabet(ALPHANUMERIC),
  of: (alphabet, length) => customAlphabet(alphabet, length)(),
}
