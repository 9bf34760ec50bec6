import { type Blame, verifyWithClientKeys } from '../client_keys/verify.ts'
import type { ClientConfig, Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Assertion } from '../tokens/assertion.ts'
import { verifyAssertion } from './assertion.ts'
import { isFederated, verifyFederated } from './federated.ts'
import type { ClientAuthMethod } from './method.ts'
import { hasKeys } from './none.ts'

const BLAME: Blame = { what: 'client_assertion', noKey: 'assertion.no_key', signature: 'assertion.signature' }

/**
 * A JWT signed with the client's private key, whose public half is registered as `jwks`, `jwks_uri` or a certificate;
 * or one of another issuer that vouches for the client.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
export const privateKeyJwt: ClientAuthMethod = {
  name: 'private_key_jwt',
  proof: 'assertion',
  fits: (client) => hasKeys(client) || client.federated_credentials.length > 0,
  attempt({ assertion }) {
    if (assertion === undefined || assertion.alg.startsWith('HS')) return undefined
    return {
      client_id: assertion.client_id,
      verify: (client, cx) =>
        isFederated(assertion, client)
          ? verifyFederated(assertion, client, cx)
          : verifyAssertion(assertion, client, { cx, verifySignature }),
    }
  },
}

async function verifySignature(assertion: Assertion, client: ClientConfig, cx: Context): Promise<void> {
  if (assertion.alg === 'none')
    throw new OAuthError(
      'assertion.alg',
      'client_assertion is not signed (alg none); sign it with the registered key',
    )
  await verifyWithClientKeys(assertion, client, { cx, blame: BLAME })
}
