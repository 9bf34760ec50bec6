import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'

const CONFIG = { clients: [{ client_id: 'batch', client_secret: 's3cret' }] }

describe('GET /_mock/env', () => {
  it('answers what the library does', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(`${idp.url}/_mock/env?kind=generic&client=batch`)
    expect(status).toBe(200)
    expect(body).toEqual(await idp.env('generic', { client: 'batch' }))
    expect(body['OIDC_CLIENT_SECRET']).toBe('s3cret')
  })

  it('names the file of the CA where the caller has put it', async () => {
    await using idp = await startIdp(CONFIG)
    const { body } = await get(`${idp.url}/_mock/env?kind=tls&ca_file=/tmp/ca.pem`)
    expect(body).toMatchObject({ NODE_EXTRA_CA_CERTS: '/tmp/ca.pem', SSL_CERT_FILE: '/tmp/ca.pem' })
    expect((await get(`${idp.url}/_mock/env?kind=tls`)).body).toEqual({})
  })

  it('is about the tenant that is asked for', async () => {
    await using idp = await startIdp({ tenants: { one: CONFIG, two: {} } })
    const { body } = await get(`${idp.url}/_mock/env?kind=generic&tenant=two`)
    expect(body['OIDC_ISSUER']).toBe(idp.issuerOf('two'))
  })

  it.each([
    ['', 400, 'the query has no kind; expected authjs, azure, dotnet, generic, spring or tls'],
    ['?kind=aws', 422, 'env has variables for authjs, azure, dotnet, generic, spring or tls, not for aws'],
    ['?kind=generic&client=x', 422, 'x is no client of tenant default; declared: batch'],
    ['?kind=azure', 422, 'no tenant has the dialect entra'],
  ])('refuses %s', async (query, expected, detail) => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(`${idp.url}/_mock/env${query}`)
    expect(status).toBe(expected)
    expect(body['detail']).toContain(detail)
  })
})
