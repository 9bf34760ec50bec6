import { CompactEncrypt } from 'jose'
import { encryptionKey } from '../client_keys/encryption_key.ts'
import type { ClientConfig, Context } from '../context.ts'
import { contentEncryptions, encryptionAlgs } from '../keys/encryption.ts'
import { because, OAuthError, oneOf, shown } from '../protocol/errors.ts'

export interface Encryption {
  readonly alg: string
  /** A128CBC-HS256 where the client registered none. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
  readonly enc?: string | undefined
  /** `JWT` where the text is one. @see https://www.rfc-editor.org/rfc/rfc7519.html#section-5.2 */
  readonly cty?: string | undefined
}

const NO_KEY = 'client.no_encryption_key'

/**
 * Encrypts text to a client: a compact JWE that only its key, or its secret, opens.
 * @throws OAuthError client.no_encryption_key
 * @see https://www.rfc-editor.org/rfc/rfc7516.html#section-5.1
 */
export async function encryptTo(
  client: ClientConfig,
  text: string,
  { alg, enc = 'A128CBC-HS256', cty }: Encryption,
  cx: Context,
): Promise<string> {
  assertSupported('alg', alg, encryptionAlgs)
  assertSupported('enc', enc, contentEncryptions)
  const { key, kid } = await encryptionKey(client, { alg, enc }, cx)
  const header = { alg, enc, ...(cty !== undefined && { cty }), ...(kid !== undefined && { kid }) }
  try {
    return await new CompactEncrypt(Buffer.from(text, 'utf8')).setProtectedHeader(header).encrypt(key)
  } catch (cause) {
    const which = kid === undefined ? 'the key' : `key ${shown(kid)}`
    throw because(
      cause,
      NO_KEY,
      `${which} of client ${client.client_id} cannot encrypt with ${alg}: ${(cause as Error).message}`,
    )
  }
}

function assertSupported(name: string, value: string, supported: readonly string[]): void {
  if (supported.includes(value)) return
  throw new OAuthError(NO_KEY, `the encryption ${name} is ${shown(value)}, expected ${oneOf(supported)}`)
}
