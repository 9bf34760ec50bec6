import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { type Challenge, isVerifier } from '../tokens/code.ts'

export const challengeMethods: readonly Challenge['method'][] = ['S256', 'plain']

/**
 * The challenge of a request.
 * @throws OAuthError pkce.*
 * @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.4.1
 */
export function challengeOf(params: Params, client: ClientConfig, cx: Context): Challenge | undefined {
  const value = first(params, 'code_challenge')
  const method = first(params, 'code_challenge_method') ?? 'plain'
  if (value === undefined) {
    if (params.has('code_challenge_method'))
      throw new OAuthError('pkce.missing', 'code_challenge_method came without code_challenge; send both')
    if (client.require_pkce) enforce('pkce', required(client), cx)
    return undefined
  }
  if (method !== 'S256' && method !== 'plain')
    throw new OAuthError('pkce.method', `code_challenge_method is ${shown(method)}, expected S256 or plain`)
  if (!isVerifier(value))
    throw new OAuthError(
      'pkce.malformed',
      `code_challenge is ${shown(value)}, expected 43 to 128 characters of A-Z a-z 0-9 - . _ ~ (base64url without padding)`,
    )
  return { value, method }
}

function required({ client_id }: ClientConfig): OAuthError {
  return new OAuthError(
    'pkce.missing',
    `code_challenge is missing, client ${client_id} must use PKCE; send code_challenge and code_challenge_method=S256, or set require_pkce: false`,
  )
}
