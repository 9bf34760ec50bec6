import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { decode, get, post, requestToken } from '../support/http.ts'

const API = 'https://api.example.test'
const ME = ['orders', 's3cret'] as const
const ALGS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

describe('RFC 9068 §2.1 Header', () => {
  it('has typ at+jwt, the alg and the kid of a published key', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const { header } = decode(await requestToken(idp.issuer, ME))
    const { keys } = (await get(`${idp.issuer}/jwks.json`)).body as { keys: { kid: string }[] }
    expect(header).toEqual({ typ: 'at+jwt', alg: 'RS256', kid: keys[0]?.kid })
  })

  it.each(ALGS)(
    'says %s where the first key has it, and jose verifies the token by jwks_uri',
    async (alg) => {
      await using idp = await startIdp({
        keys: [{ alg }],
        clients: [{ client_id: 'orders', client_secret: 's3cret', audience: API }],
      })
      const token = await requestToken(idp.issuer, ME)
      const { jwks_uri } = (await get(`${idp.issuer}/.well-known/openid-configuration`)).body
      const options = { issuer: idp.issuer, audience: API, typ: 'at+jwt', algorithms: [alg] }
      const { protectedHeader } = await jwtVerify(
        token,
        createRemoteJWKSet(new URL(String(jwks_uri))),
        options,
      )
      expect(protectedHeader.alg).toBe(alg)
      const forged = token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"alice"}').toString('base64url')}.`)
      await expect(jwtVerify(forged, createRemoteJWKSet(new URL(String(jwks_uri))))).rejects.toMatchObject({
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      })
    },
  )

  it('signs with the alg of the client before the alg of the resource', async () => {
    await using idp = await startIdp({
      keys: [{ alg: 'RS256' }, { alg: 'ES256' }, { alg: 'EdDSA' }],
      resources: [{ identifier: API, access_token: { signing_alg: 'ES256' } }],
      clients: [
        { client_id: 'orders', client_secret: 's3cret', audience: API },
        { client_id: 'own', client_secret: 's', audience: API, access_token: { signing_alg: 'EdDSA' } },
        { client_id: 'plain', client_secret: 's' },
      ],
    })
    const algs = []
    for (const client of [ME, ['own', 's'], ['plain', 's']] as const) {
      algs.push(decode(await requestToken(idp.issuer, client)).header.alg)
    }
    expect(algs).toEqual(['ES256', 'EdDSA', 'RS256'])
  })

  it('never signs with a key that is only published or hidden', async () => {
    await using idp = await startIdp({
      keys: [
        { alg: 'ES256', kid: 'next', status: 'published' },
        { alg: 'ES256', kid: 'gone', status: 'hidden' },
        { alg: 'ES256', kid: 'now' },
      ],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    expect(decode(await requestToken(idp.issuer, ME)).header.kid).toBe('now')
    const { keys } = (await get(`${idp.issuer}/jwks.json`)).body as { keys: { kid: string }[] }
    expect(keys.map(({ kid }) => kid)).toEqual(['next', 'now'])
  })
})

describe('RFC 9068 §2.2 Data Structure', () => {
  it('has the claims of the RFC and no others', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: API, scopes: ['read'] }],
      clients: [{ client_id: 'orders', client_secret: 's3cret', audience: API, scope: 'read' }],
    })
    const before = Math.floor(Date.now() / 1000)
    const { claims } = decode(await requestToken(idp.issuer, ME))
    const after = Math.floor(Date.now() / 1000)
    expect(claims).toEqual({
      iss: idp.issuer,
      sub: 'orders',
      aud: API,
      client_id: 'orders',
      iat: expect.any(Number),
      exp: Number(claims.iat) + 3600,
      jti: expect.stringMatching(/^[\w-]{32}$/),
      scope: 'read',
    })
    expect(claims.iat).toBeGreaterThanOrEqual(before)
    expect(claims.iat).toBeLessThanOrEqual(after)
  })

  it('names the provider itself as aud where nobody named one', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    expect(decode(await requestToken(idp.issuer, ME)).claims.aud).toBe(idp.issuer)
  })

  it('takes iat and exp from the clock of the provider', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    await idp.clock.advance('14d')
    const { claims } = decode(await requestToken(idp.issuer, ME))
    expect(Number(claims.iat) - Date.now() / 1000).toBeGreaterThan(14 * 86_400 - 5)
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600)
  })

  it('lets a client have several audiences, and a sub of its own', async () => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: 's3cret', audience: ['one', 'two'], sub: 'service-7' }],
    })
    const { claims } = decode(await requestToken(idp.issuer, ME))
    expect(claims).toMatchObject({ aud: ['one', 'two'], sub: 'service-7', client_id: 'orders' })
  })

  it('carries the roles of the client, RFC 9068 §2.2.3.1', async () => {
    await using idp = await startIdp({
      clients: [
        { client_id: 'orders', client_secret: 's3cret', roles: ['archivist_administrator', 'lugs/reader'] },
        { client_id: 'plain', client_secret: 's' },
      ],
    })
    const { claims } = decode(await requestToken(idp.issuer, ME))
    expect(claims.roles).toEqual(['archivist_administrator', 'lugs/reader'])
    expect(decode(await requestToken(idp.issuer, ['plain', 's'])).claims).not.toHaveProperty('roles')
  })

  it('carries the claims of the resource, and over them those of the client', async () => {
    const nested = { a: [1, 'two', null, { three: true }] }
    await using idp = await startIdp({
      resources: [{ identifier: API, claims: { tier: 'silver', region: 'fi' } }],
      clients: [
        {
          client_id: 'orders',
          client_secret: 's3cret',
          audience: API,
          claims: {
            tier: 'gold',
            nested,
            'https://x.example/groups': ['g'],
            sub: 'overridden',
            nothing: null,
          },
        },
      ],
    })
    expect(decode(await requestToken(idp.issuer, ME)).claims).toMatchObject({
      tier: 'gold',
      region: 'fi',
      nested,
      'https://x.example/groups': ['g'],
      sub: 'overridden',
      nothing: null,
    })
  })
})

describe('RFC 9068 §3 lifetime', () => {
  it.each([
    ['an hour by default', {}, {}, 3600],
    ['that of lifetimes', { lifetimes: { access_token: '10m' } }, {}, 600],
    [
      'that of the resource before lifetimes',
      { lifetimes: { access_token: '10m' }, resource: '5m' },
      {},
      300,
    ],
    ['that of the client before all others', { resource: '5m' }, { access_token: { lifetime: 90 } }, 90],
  ])(
    'is %s',
    async (_what, { resource, ...top }: { resource?: string; lifetimes?: object }, client, seconds) => {
      await using idp = await startIdp({
        ...top,
        resources: [
          { identifier: API, ...(resource !== undefined && { access_token: { lifetime: resource } }) },
        ],
        clients: [{ client_id: 'orders', client_secret: 's3cret', audience: API, ...client }],
      })
      const form = { grant_type: 'client_credentials', client_id: 'orders', client_secret: 's3cret' }
      const { body } = await post(`${idp.issuer}/token`, form)
      const { claims } = decode(String(body.access_token))
      expect([body.expires_in, Number(claims.exp) - Number(claims.iat)]).toEqual([seconds, seconds])
    },
  )

  it('ends for jose when the clock of the provider says so', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    await idp.clock.advance('-61m')
    const token = await requestToken(idp.issuer, ME)
    await expect(jwtVerify(token, keys)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
    await idp.clock.advance('61m')
    expect((await jwtVerify(await requestToken(idp.issuer, ME), keys)).payload.sub).toBe('orders')
  })
})
