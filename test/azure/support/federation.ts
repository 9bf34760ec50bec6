/** A cluster whose tokens stand for secrets, as workload identity federation has it. */
import { assertion, makeKey } from '../../support/assertion.ts'

const CLUSTER = 'https://oidc.cluster.example.test'
const SUBJECT = 'system:serviceaccount:default:orders'
const AUDIENCE = 'api://AzureADTokenExchange'

/** What such a client is configured with, and a token of the cluster, with other claims where that is asked. */
export async function federation(claims: object = {}) {
  const { privateKey, jwk } = await makeKey('RS256', 'of-the-cluster')
  const trusted = { issuer: CLUSTER, subject: SUBJECT, jwks: { keys: [{ ...jwk, alg: 'RS256' }] } }
  const token = await assertion({
    client: SUBJECT,
    aud: AUDIENCE,
    key: privateKey,
    alg: 'RS256',
    claims: { iss: CLUSTER, ...claims },
    header: { kid: 'of-the-cluster' },
  })
  return { client: { client_secret: undefined, federated_credentials: [trusted] }, token }
}
