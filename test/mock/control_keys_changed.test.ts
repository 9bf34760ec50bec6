import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { startCloud } from '../support/entra_cloud.ts'
import { signIn, startEntra } from '../support/entra_tenant.ts'
import { decode, get } from '../support/http.ts'
import { isActive, type Key, KeyCalls, kidOf, publishedKids } from '../support/key_calls.ts'
import { startCodeFlow } from '../support/relying_party.ts'

const start = (config: ConfigInput = {}) =>
  startIdp({ clients: [{ client_id: 'batch', client_secret: 's3cret' }], ...config })

describe('PATCH and DELETE /_mock/keys/KID', () => {
  it('make one key sign, and another leave the JWKS', async () => {
    await using idp = await start({
      keys: [
        { alg: 'ES256', kid: 'a' },
        { alg: 'ES256', kid: 'b', status: 'hidden' },
      ],
    })
    const keys = new KeyCalls(idp)
    const token = await idp.token({ client: 'batch' })
    expect((await keys.call('PATCH', '/b', { status: 'active' })).body).toEqual({
      kid: 'b',
      alg: 'ES256',
      status: 'active',
    })
    expect((await keys.list()).map(({ kid, status }) => `${kid} ${status}`)).toEqual([
      'b active',
      'a published',
    ])
    expect(kidOf(await idp.token({ client: 'batch' }))).toBe('b')
    await keys.call('PATCH', '/a', { status: 'hidden' })
    expect(await publishedKids(idp.issuer)).toEqual(['b'])
    expect(await isActive(idp.issuer, token, ['batch', 's3cret'])).toBe(true)
    expect((await keys.call('DELETE', '/a')).status).toBe(204)
    expect(await isActive(idp.issuer, token, ['batch', 's3cret'])).toBe(false)
    expect((await keys.call('DELETE', '/a')).status).toBe(404)
  })

  it.each([
    ['DELETE', undefined],
    ['PATCH', { status: 'published' }],
    ['PATCH', { status: 'hidden' }],
  ])('%s %j refuses to leave nothing that signs', async (method, body) => {
    await using idp = await start()
    const keys = new KeyCalls(idp)
    const [only] = await keys.list()
    const refused = await keys.call(method, `/${only?.kid}`, body)
    expect([refused.status, refused.body['detail']]).toEqual([
      409,
      'it is the only key that signs; rotate first, and take the old one out then',
    ])
    expect(await keys.list()).toEqual([only])
  })

  it('refuse to take the last key of an algorithm that a client registered', async () => {
    await using idp = await start({
      keys: [{ alg: 'RS256' }, { alg: 'ES256', kid: 'ec' }],
      clients: [{ client_id: 'web', client_secret: 's3cret', id_token_signed_response_alg: 'ES256' }],
    })
    const keys = new KeyCalls(idp)
    const refused = await keys.call('DELETE', '/ec')
    expect([refused.status, refused.body['detail']]).toEqual([
      409,
      'it is the only ES256 key that signs, and client web registered ES256; rotate ES256 first, or change that',
    ])
    await keys.rotate({ alg: 'ES256' })
    expect((await keys.call('DELETE', '/ec')).status).toBe(204)
    await ask('PATCH', `${idp.url}/_mock/clients/web`, { id_token_signed_response_alg: null })
    const last = (await keys.list()).find(({ alg }) => alg === 'ES256')
    expect((await keys.call('DELETE', `/${last?.kid}`)).status).toBe(204)
    expect((await keys.list()).map(({ alg }) => alg)).toEqual(['RS256'])
  })

  it('refuse to take the last one that a resource, or a client that registered itself, needs', async () => {
    await using idp = await start({
      registration: { enabled: true },
      keys: [{ alg: 'RS256' }, { alg: 'ES256', kid: 'ec' }, { alg: 'PS256', kid: 'ps' }],
      resources: [{ identifier: 'https://api.test', access_token: { signing_alg: 'PS256' } }],
    })
    const keys = new KeyCalls(idp)
    const { status, body } = await ask('POST', `${idp.issuer}/register`, {
      ...{ redirect_uris: ['https://rp.test/callback'], id_token_signed_response_alg: 'ES256' },
    })
    expect(status).toBe(201)
    const detail = async (kid: string) => (await keys.call('DELETE', `/${kid}`)).body['detail']
    expect(await detail('ps')).toContain('resource https://api.test registered PS256')
    expect(await detail('ec')).toContain(`client ${body['client_id']} registered ES256`)
  })

  it('let exactly one of two go who are deleted at once, where one has to stay', async () => {
    await using idp = await start({
      keys: [
        { alg: 'ES256', kid: 'a' },
        { alg: 'ES256', kid: 'b' },
      ],
    })
    const keys = new KeyCalls(idp)
    const statuses = await Promise.all(
      ['a', 'b'].map(async (kid) => (await keys.call('DELETE', `/${kid}`)).status),
    )
    expect(statuses.toSorted()).toEqual([204, 409])
  })
})

describe('keys that were withdrawn', () => {
  it('no longer verify access tokens at userinfo, published ones do', async () => {
    await using op = await startCodeFlow()
    const keys = new KeyCalls(op.idp)
    const { access_token } = await op.rp.login()
    const status = async () => (await op.rp.userinfo(access_token)).status
    await keys.rotate()
    expect(await status()).toBe(200)
    await keys.rotate({ step: 'retire' })
    expect(await status()).toBe(200)
    await keys.rotate({ step: 'withdraw' })
    expect(await status()).toBe(401)
    expect(await op.rp.login()).toHaveProperty('id')
  })
})

describe('PATCH /_mock/keys', () => {
  const cacheControl = async (issuer: string) =>
    (await get(`${issuer}/jwks.json`)).headers.get('cache-control')

  it('sets the Cache-Control header of the JWKS, and null the usual one', async () => {
    await using idp = await start()
    const keys = new KeyCalls(idp)
    for (const value of ['max-age=3600', 'public, max-age=60, stale-while-revalidate=10', 'no-store']) {
      expect((await keys.call('PATCH', '', { cache_control: value })).status).toBe(204)
      expect(await cacheControl(idp.issuer)).toBe(value)
    }
    await keys.call('PATCH', '', { cache_control: null })
    const { headers } = await get(`${idp.issuer}/jwks.json`)
    expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-cache', expect.any(String)])
  })

  it.each(['', 'max-age=3600\r\nx-evil: 1', 'max age', 'caf\u00e9', `max-age=${'1'.repeat(300)}`, 5])(
    'refuses %j',
    async (value) => {
      await using idp = await start()
      const { status } = await new KeyCalls(idp).call('PATCH', '', { cache_control: value })
      expect([status, await cacheControl(idp.issuer)]).toEqual([422, 'no-cache'])
    },
  )
})

describe('rotation at Entra', () => {
  it('shows the new key by the thumbprint of its certificate, and signs with it', async () => {
    await using entra = await startEntra()
    const keys = new KeyCalls(entra.idp)
    const [fresh] = await keys.rotate()
    const { id, body } = await signIn(entra.app)
    expect(id['iss']).toBe(entra.idp.issuer)
    expect(kidOf(String(body['id_token']))).toBe(fresh?.kid)
    const { body: jwks } = await get(entra.app.url('jwks_uri'))
    const shown = (jwks['keys'] as (Key & { x5t: string; x5c: string[] })[]).find(
      ({ kid }) => kid === fresh?.kid,
    )
    const der = Buffer.from(String(shown?.x5c[0]), 'base64')
    expect(shown?.x5t).toBe(fresh?.kid)
    expect(createHash('sha1').update(der).digest('base64url')).toBe(fresh?.kid)
  })

  it('of one tenant shows at common once, with the keys that the others have', async () => {
    await using idp = await startCloud()
    const kidsAt = async (segment: string) => {
      const { body } = await get(`${idp.url}/${segment}/discovery/v2.0/keys`)
      return (body['keys'] as Key[]).map(({ kid }) => kid)
    }
    const [shared] = await kidsAt('common')
    const contoso = new KeyCalls(idp, 'contoso')
    const [fresh] = await contoso.rotate()
    expect(await kidsAt('common')).toEqual([fresh?.kid, shared])
    expect(await kidsAt('fabrikam.example')).toEqual([shared])
    await contoso.rotate({ step: 'retire' })
    expect(await kidsAt('contoso.example')).toEqual([fresh?.kid])
    expect(await kidsAt('common')).toEqual([fresh?.kid, shared])
    expect(decode(await idp.token({ client: 'c11e0000-0000-4000-8000-000000000001' })).header['kid']).toBe(
      fresh?.kid,
    )
  })

  it('of the only tenant withdraws the old key at common as well', async () => {
    await using entra = await startEntra()
    const keys = new KeyCalls(entra.idp)
    await keys.rotate()
    await keys.rotate({ step: 'retire' })
    const { body } = await get(`${entra.idp.url}/common/discovery/v2.0/keys`)
    expect((body['keys'] as Key[]).map(({ kid }) => kid)).toEqual([(await keys.list())[0]?.kid])
  })
})
