/** Paths that a cloud has at its root, and tenants have too. */
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, get, post } from '../support/http.ts'
import { CONFIG, HEADER, imds, STORAGE, TENANT } from '../support/managed_identity.ts'
import { requestAs } from '../support/raw.ts'
import { claimsOf } from '../support/token.ts'

const clients = [{ client_id: 'orders', client_secret: 's3cret', audience: 'https://api.example.test' }]
const standard = { dialect: 'standard', clients }

/** Names that stand at the beginning of some path of Microsoft's. */
const NAMES = ['beta', 'v1.0', 'metadata', 'msi', 'sf', 'arc', 'cloudshell', 'oidc', 'common']

describe('a standard tenant beside one of Entra', () => {
  it.each(NAMES)('keeps its endpoints when it is called %s', async (name) => {
    await using idp = await startIdp({ tenants: { contoso: CONFIG, [name]: standard } })
    const issuer = `${idp.url}/${name}`
    const { body } = await get(`${issuer}/.well-known/openid-configuration`)
    expect(body['issuer']).toBe(issuer)
    const granted = await post(
      String(body['token_endpoint']),
      { grant_type: 'client_credentials' },
      basic('orders', 's3cret'),
    )
    expect([granted.status, granted.body['token_type']]).toEqual([200, 'Bearer'])
    expect((await get(String(body['jwks_uri']))).body).toHaveProperty('keys')
    const refused = await get(String(body['userinfo_endpoint']))
    expect([refused.status, refused.headers.get('x-mock-reason')]).toEqual([401, 'token.missing'])
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="[^"]+/)
  })

  it('leaves to the cloud what is no endpoint of its own', async () => {
    await using idp = await startIdp({ tenants: { 'v1.0': standard, contoso: CONFIG, metadata: standard } })
    const graph = await get(`${idp.url}/v1.0/me`)
    expect(graph.body['error']).toMatchObject({ code: 'InvalidAuthenticationToken' })
    expect((await imds(idp, { resource: STORAGE })).status).toBe(200)
  })
})

describe('tenants that hosts choose', () => {
  it('come first there: IMDS has their identity, the root their recipes', async () => {
    const fabrikam = { ...CONFIG, id: TENANT.replace('5b', '6b'), aliases: [], hosts: ['fabrikam.test'] }
    await using idp = await startIdp({ tenants: { contoso: CONFIG, fabrikam } })
    const port = Number(new URL(idp.url).port)
    const tidAt = async (host: string) => {
      const path = `/metadata/identity/oauth2/token?resource=${STORAGE}`
      return claimsOf(await requestAs({ port, path, headers: { host, metadata: 'true' } }))['tid']
    }
    expect([await tidAt('fabrikam.test'), await tidAt('other.localhost')]).toEqual([fabrikam.id, TENANT])
    const { text } = await requestAs({ port, path: '/', headers: { host: 'fabrikam.test' } })
    expect(text).toMatch(new RegExp(`/${fabrikam.id}/v2.0'`))
  })
})

describe('a tenant of Entra', () => {
  it.each(['beta', 'v1.0', 'metadata', 'msi'])('keeps its endpoints when it is called %s', async (name) => {
    await using idp = await startIdp({ tenants: { [name]: CONFIG } })
    const { status, body } = await get(`${idp.url}/${name}/v2.0/.well-known/openid-configuration`)
    expect([status, body['jwks_uri']]).toEqual([200, `${idp.url}/${TENANT}/discovery/v2.0/keys`])
    const answer = await get(`${idp.url}/msi/token?api-version=2019-08-01&resource=${STORAGE}`, {
      'x-identity-header': HEADER,
    })
    expect(answer.status).toBe(200)
  })
})
