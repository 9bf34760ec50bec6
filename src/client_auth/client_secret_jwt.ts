import { verifiesWithSecret } from '../client_keys/verify.ts'
import type { ClientConfig } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Assertion } from '../tokens/assertion.ts'
import { verifyAssertion } from './assertion.ts'
import type { ClientAuthMethod } from './method.ts'

/**
 * A JWT signed with the client secret.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
export const clientSecretJwt: ClientAuthMethod = {
  name: 'client_secret_jwt',
  proof: 'assertion',
  fits: (client) => client.secrets.length > 0,
  attempt({ assertion }) {
    if (assertion === undefined || !assertion.alg.startsWith('HS')) return undefined
    return {
      client_id: assertion.client_id,
      verify: (client, cx) => verifyAssertion(assertion, client, { cx, verifySignature }),
    }
  },
}

async function verifySignature(assertion: Assertion, client: ClientConfig): Promise<void> {
  if (client.secrets.length === 0) {
    throw new OAuthError(
      'assertion.alg',
      `the assertion is signed with ${assertion.alg}, but client ${client.client_id} has no secret; sign it with the client's private key`,
    )
  }
  if (await verifiesWithSecret(assertion.text, client)) return
  throw new OAuthError(
    'assertion.signature',
    `the ${assertion.alg} signature of client_assertion does not match; the key is the client secret's UTF-8 octets, as they are in the configuration`,
    { detail: { client_id: client.client_id } },
  )
}
