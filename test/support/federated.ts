/** A client of Entra that another issuer vouches for. */
import type { ConfigInput } from '../../src/index.ts'
import { ASSERTION_TYPE, assertion, type ClientKey } from './assertion.ts'
import { post } from './http.ts'

export const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
export const APP = 'c11e0000-0000-4000-8000-000000000001'
export const CLUSTER = 'https://oidc.cluster.local'
export const SUBJECT = 'system:serviceaccount:default:orders'
export const EXCHANGE = 'api://AzureADTokenExchange'

type Client = NonNullable<ConfigInput['clients']>[number]
type Credential = NonNullable<Client['federated_credentials']>[number]

export const federated = (more: Partial<Credential> = {}): Credential => ({
  issuer: CLUSTER,
  subject: SUBJECT,
  ...more,
})

export const contoso = (...federated_credentials: Credential[]) => ({
  dialect: 'entra',
  id: TENANT,
  resources: [{ identifier: 'api://x', access_token: { version: 2 } }],
  clients: [{ client_id: APP, federated_credentials }],
})

/** What a cluster mounts into a pod: no jti, and the same one for each request. */
export const workloadToken = ({ privateKey }: ClientKey, claims: object = {}) =>
  assertion({
    client: '',
    aud: EXCHANGE,
    key: privateKey,
    alg: 'RS256',
    header: { kid: 'cluster' },
    claims: { iss: CLUSTER, sub: SUBJECT, jti: undefined, ...claims },
  })

/** As azure-identity for Python exchanges it, without any discovery. */
export const exchange = (
  { url }: { url: string },
  client_assertion: string,
  form: Record<string, string> = {},
) =>
  post(`${url}/${TENANT}/oauth2/v2.0/token`, {
    client_assertion,
    client_assertion_type: ASSERTION_TYPE,
    client_id: APP,
    grant_type: 'client_credentials',
    scope: 'api://x/.default',
    ...form,
  })
