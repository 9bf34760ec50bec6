import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { fileWith } from '../support/folder.ts'
import { post } from '../support/http.ts'

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** The client's own web server; its URL. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
}

describe('RFC 7523 §2.2 private_key_jwt by jwks', () => {
  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'accepts %s',
    async (alg) => {
      const key = await makeKey(alg)
      await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
      const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, alg })
      expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(200)
    },
  )

  it('finds the key of several by kid, or by trying where there is none', async () => {
    const [one, two] = [await makeKey('ES256', 'one'), await makeKey('ES256', 'two')]
    await using idp = await startIdp({
      clients: [{ client_id: 'partner', jwks: { keys: [one.jwk, two.jwk] } }],
    })
    const statuses = []
    for (const header of [{ kid: 'two' }, {}, { kid: 'one' }, { kid: 'three' }, { kid: 2 }]) {
      const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: two.privateKey, header })
      statuses.push((await post(`${idp.issuer}/token`, assertionForm(jwt))).status)
    }
    expect(statuses).toEqual([200, 200, 401, 401, 401])
  })

  it('does not verify with a key for encryption, or one of another alg', async () => {
    const key = await makeKey('RS256')
    for (const change of [{ use: 'enc' }, { alg: 'PS256' }, { key_ops: ['encrypt'] }]) {
      await using idp = await startIdp({
        clients: [{ client_id: 'partner', jwks: { keys: [{ ...key.jwk, ...change }] } }],
      })
      const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, alg: 'RS256' })
      expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(401)
    }
  })
})

describe('RFC 7523 §2.2 private_key_jwt by jwks_uri', () => {
  it('fetches the keys, and sees a rotated one at once', async () => {
    const [first, second] = [await makeKey('ES256', 'first'), await makeKey('ES256', 'second')]
    let published = [first.jwk]
    const jwks_uri = await serve((_request, response) => response.end(JSON.stringify({ keys: published })))
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks_uri }] })
    const authenticate = async ({ privateKey }: typeof first, kid: string) => {
      const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: privateKey, header: { kid } })
      return await post(`${idp.issuer}/token`, assertionForm(jwt))
    }
    expect((await authenticate(first, 'first')).status).toBe(200)
    const unknown = await authenticate(second, 'second')
    expect(unknown).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(unknown.body.error_description).toMatch(/has kid second, the client's registered keys are first/)
    published = [second.jwk]
    expect((await authenticate(second, 'second')).status).toBe(200)
    expect((await authenticate(first, 'first')).status).toBe(401)
  })

  it.each([
    ['is not found', 404, '{}', /status 404/],
    ['redirects', 302, '', /status 302/],
    ['is no JSON', 200, '<html>', /gave no keys/],
    ['is null', 200, 'null', /no keys member/],
    ['has no keys', 200, '{"keys":{}}', /no keys member/],
    ['holds no keys', 200, '{"keys":[]}', /registered keys are/],
    ['holds null', 200, '{"keys":[null]}', /./],
    ['holds no objects', 200, '{"keys":["key",7,[]]}', /./],
    ['holds keys without members', 200, '{"keys":[{},{"kty":7},{"kty":"EC"}]}', /./],
    ['is too large', 200, `{"keys":[],"x":"${'x'.repeat(70_000)}"}`, /more than 65536 bytes/],
  ])('refuses the client with invalid_client where its document %s', async (_what, status, text, why) => {
    const key = await makeKey('ES256', 'one')
    const jwks_uri = await serve((_request, response) => {
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(text)
    })
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks_uri }] })
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(why)
  })

  it('refuses the client with invalid_client where its server does not answer', async () => {
    const key = await makeKey()
    const jwks_uri = await serve(() => undefined)
    for (const server of servers.splice(0)) server.close()
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks_uri }] })
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(/ECONNREFUSED/)
  })

  it('fetches nothing for an assertion that names an unknown client', async () => {
    let fetched = 0
    const jwks_uri = await serve((_request, response) => {
      fetched += 1
      response.end('{"keys":[]}')
    })
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks_uri }] })
    const key = await makeKey()
    const jwt = await assertion({
      client: 'nobody',
      aud: idp.issuer,
      key: key.privateKey,
      header: { jku: jwks_uri },
    })
    expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(401)
    expect(fetched).toBe(0)
  })
})

describe('RFC 7523 §2.2 private_key_jwt by certificate', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    'verifies %s, and its thumbprints where they came',
    async (alg) => {
      const own = await createKeySet([{ alg, status: 'active', at: 'keys[0]' }], { slot: 'client' }).select(
        'active',
      )
      const { der, x5t, 'x5t#S256': x5tS256 } = await own.certificate()
      const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`
      const certificate_file = fileWith('client.pem', pem)
      await using idp = await startIdp({ clients: [{ client_id: 'partner', certificate_file }] })
      const key = own.privateKey as unknown as Parameters<typeof assertion>[0]['key']
      const authenticate = async (header: object, signer = key) => {
        const made = { client: 'partner', aud: idp.issuer, key: signer, alg, header: { ...header } }
        return (await post(`${idp.issuer}/token`, assertionForm(await assertion(made)))).status
      }
      expect(await authenticate({})).toBe(200)
      expect(await authenticate({ x5t })).toBe(200)
      expect(await authenticate({ 'x5t#S256': x5tS256 })).toBe(200)
      expect(await authenticate({ x5t: x5tS256 })).toBe(401)
      expect(await authenticate({ 'x5t#S256': x5t })).toBe(401)
      expect(await authenticate({}, (await makeKey(alg)).privateKey)).toBe(401)
    },
  )
})

describe('OpenID Connect Core §9 client_secret_jwt', () => {
  const secret = 'a secret of sixty-four octets, as many as HS512 asks for: 0123456'

  it.each(['HS256', 'HS384', 'HS512'])(
    'accepts %s with the secret as key, and no other secret',
    async (alg) => {
      await using idp = await startIdp({
        clients: [
          { client_id: 'orders', client_secret: secret, token_endpoint_auth_method: 'client_secret_jwt' },
        ],
      })
      const authenticate = async (key: string) => {
        const jwt = await assertion({
          client: 'orders',
          aud: `${idp.issuer}/token`,
          key: Buffer.from(key),
          alg,
        })
        return (await post(`${idp.issuer}/token`, assertionForm(jwt))).status
      }
      expect(await authenticate(secret)).toBe(200)
      expect(await authenticate(`${secret}x`)).toBe(401)
    },
  )

  it('accepts the secret of each rotation step', async () => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', secrets: [`old ${secret}`, `new ${secret}`] }],
    })
    for (const each of [`old ${secret}`, `new ${secret}`]) {
      const jwt = await assertion({ client: 'orders', aud: idp.issuer, key: Buffer.from(each), alg: 'HS256' })
      expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(200)
    }
  })

  it('refuses a client that has no secret', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'spa' }] })
    const jwt = await assertion({ client: 'spa', aud: idp.issuer, key: Buffer.from(secret), alg: 'HS256' })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('refuses an assertion of a private key to a client that has a secret only', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: secret }] })
    const { privateKey } = await makeKey()
    const jwt = await assertion({ client: 'orders', aud: idp.issuer, key: privateKey })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})
