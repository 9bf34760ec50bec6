import { because, OAuthError } from '../protocol/errors.ts'
import type { ClientAuthMethod } from './method.ts'
import { verifySecret } from './secret.ts'

const MALFORMED = 'client.credentials_malformed'
const HEADER = 'the Basic value of the Authorization header'

/**
 * Id and secret in the Authorization header, each form-urlencoded before it is base64-encoded.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1
 */
export const clientSecretBasic: ClientAuthMethod = {
  name: 'client_secret_basic',
  proof: 'secret',
  fits: (client) => client.secrets.length > 0,
  attempt({ headers }) {
    const match = /^basic +(\S+) *$/i.exec(headers['authorization'] ?? '')
    if (match === null) return undefined
    const decoded = Buffer.from(match[1] as string, 'base64').toString('utf8')
    const colon = decoded.indexOf(':')
    if (colon === -1)
      throw new OAuthError(
        MALFORMED,
        `${HEADER} has no colon after decoding; expected base64(client_id:client_secret)`,
      )
    const secret = formDecode(decoded.slice(colon + 1))
    return {
      client_id: formDecode(decoded.slice(0, colon)),
      verify: async (client, cx) => verifySecret(secret, client, cx),
    }
  },
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw because(
      cause,
      MALFORMED,
      `${HEADER} holds a % that starts no percent-encoding; form-urlencode id and secret first (RFC 6749 section 2.3.1)`,
    )
  }
}
