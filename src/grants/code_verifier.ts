import { hash } from 'node:crypto'
import { type Context, enforce } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import { type Challenge, isVerifier } from '../tokens/code.ts'

/**
 * Holds the verifier against the challenge; one without the other does not pass either.
 * @throws OAuthError pkce.*
 * @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.8.2
 */
export function verifyChallenge(
  challenge: Challenge | undefined,
  verifier: string | undefined,
  cx: Context,
): void {
  const problem = problemOf(challenge, verifier)
  if (problem !== undefined) enforce('pkce', problem, cx)
}

function problemOf(challenge: Challenge | undefined, verifier: string | undefined): OAuthError | undefined {
  if (challenge === undefined) {
    if (verifier === undefined) return undefined
    return new OAuthError(
      'pkce.mismatch',
      'code_verifier came, but the authorization request had no code_challenge; send code_challenge there, or no code_verifier here',
    )
  }
  if (verifier === undefined)
    return new OAuthError(
      'pkce.mismatch',
      'code_verifier is missing, the authorization request had a code_challenge; send the verifier it was made of',
    )
  if (!isVerifier(verifier))
    return new OAuthError(
      'pkce.mismatch',
      `code_verifier is ${verifier.length} characters long, expected 43 to 128 characters of A-Z a-z 0-9 - . _ ~`,
    )
  const made = challenge.method === 'S256' ? hash('sha256', verifier, 'base64url') : verifier
  if (isSameSecret(made, challenge.value)) return undefined
  return new OAuthError(
    'pkce.mismatch',
    `code_verifier does not match code_challenge (${challenge.method}); the challenge is BASE64URL(SHA256(verifier)), the verifier itself goes to the token endpoint`,
  )
}
