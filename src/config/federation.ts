import * as v from 'valibot'
import { publicJwks } from './public_jwks.ts'
import { httpUrlWithQuery, text } from './scalars.ts'
import { described, strict } from './strict.ts'

/** Who else may vouch for a client: a token of that issuer, about that subject, is its client assertion. @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3 */
export function federatedCredentials() {
  return v.array(
    strict({
      issuer: described(text(), 'The iss of its tokens, compared byte for byte.'),
      subject: described(text(), 'Their sub, for example system:serviceaccount:default:orders.'),
      audience: described(
        v.optional(text(), 'api://AzureADTokenExchange'),
        'Their aud; default api://AzureADTokenExchange.',
      ),
      jwks: described(
        v.optional(publicJwks()),
        'Its public keys; or jwks_uri. Without both its signatures are checked only where the issuer is one of this provider.',
      ),
      jwks_uri: described(v.optional(httpUrlWithQuery()), 'URL of its public keys; or jwks.'),
    }),
  )
}
