import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { assertion, makeKey } from '../support/assertion.ts'
import {
  APP,
  CLUSTER,
  contoso,
  EXCHANGE,
  exchange,
  federated,
  SUBJECT,
  workloadToken,
} from '../support/federated.ts'

const now = () => Math.floor(Date.now() / 1000)

describe('RFC 8725 §3.1 the token of another issuer', () => {
  it.each([
    ['none', ''],
    ['None', ''],
    ['RS256', ''],
    ['NONE', 'AAAA'],
  ])('is refused unsigned, though no keys are known: alg %s, signature "%s"', async (alg, signature) => {
    await using idp = await startIdp(contoso(federated()))
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: CLUSTER, sub: SUBJECT, aud: EXCHANGE, exp: now() + 600 }
    const answer = await exchange(idp, `${part({ alg })}.${part(claims)}.${signature}`)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [700027] } })
  })

  it('is no HMAC of a public key, or of the secret that the client has as well', async () => {
    const key = await makeKey('RS256', 'cluster')
    const tenant = contoso(federated({ jwks: { keys: [key.jwk] } }))
    const client_secret = 'a secret of thirty-two octets and some more'
    const clients = tenant.clients.map((client) => ({ ...client, client_secret }))
    await using idp = await startIdp({ ...tenant, clients })
    for (const secret of [JSON.stringify(key.jwk), client_secret]) {
      const forged = await assertion({
        client: APP,
        aud: EXCHANGE,
        key: Buffer.from(secret),
        alg: 'HS256',
        claims: { iss: CLUSTER, sub: SUBJECT },
      })
      expect(await exchange(idp, forged)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
    const answer = await exchange(idp, '', { client_secret, client_assertion_type: '' })
    expect(answer.status, answer.text).toBe(200)
    expect((await exchange(idp, await workloadToken(key))).status).toBe(200)
  })

  it('is not taken from a tenant whose keys are not those of the issuer', async () => {
    const issuer = 'https://idp.test/cluster'
    await using idp = await startIdp({
      issuer: { url: 'https://idp.test' },
      tenants: {
        cluster: { keys: [{ alg: 'ES256' }], clients: [{ client_id: 'pod', client_secret: 's3cret' }] },
        other: { keys: [{ alg: 'ES256' }], clients: [{ client_id: 'pod', client_secret: 's3cret' }] },
        contoso: contoso({ issuer, subject: SUBJECT }),
      },
    })
    const claims = { iss: issuer, sub: SUBJECT, aud: EXCHANGE }
    const by = (tenant: string) => idp.token({ tenant, client: 'pod', claims })
    const own = await exchange(idp, await by('cluster'))
    expect(own.status, own.text).toBe(200)
    expect((await exchange(idp, await by('other'))).body['error_codes']).toEqual([50013])
  })
})
