import { generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { assertion, assertionForm, type ClientKey, makeKey, UNKNOWN_EXTENSION } from '../support/assertion.ts'
import { post } from '../support/http.ts'

let key: ClientKey
beforeAll(async () => {
  key = await makeKey('ES256', 'client-key')
})

const start = (more: object = {}) =>
  startIdp({
    clients: [
      { client_id: 'partner', jwks: { keys: [key.jwk] }, ...more },
      { client_id: 'api', client_secret: 's3cret', introspection: 'any' },
    ],
  })

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

describe('RFC 7523 §3 JWT Format and Processing Requirements', () => {
  it.each([
    ['the issuer', (issuer: string) => issuer],
    ['the token endpoint', (issuer: string) => `${issuer}/token`],
    ['a list with the issuer', (issuer: string) => ['https://other.example', issuer]],
    [
      'the token endpoint by address',
      (issuer: string) => `${issuer.replace('localhost', '127.0.0.1')}/token`,
    ],
  ])('accepts %s as aud', async (_what, audOf) => {
    await using idp = await start()
    const url = `${idp.issuer.replace('localhost', '127.0.0.1')}/token`
    const jwt = await assertion({ client: 'partner', aud: audOf(idp.issuer), key: key.privateKey })
    expect(await post(url, assertionForm(jwt))).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
  })

  it('accepts the introspection endpoint as aud there, and not at the token endpoint', async () => {
    await using idp = await start()
    const aud = `${idp.issuer}/introspect`
    const there = await assertion({ client: 'partner', aud, key: key.privateKey })
    const answer = await post(aud, { ...assertionForm(there), token: 'garbage' })
    expect(answer).toMatchObject({ status: 200, body: { active: false } })
    const elsewhere = await assertion({ client: 'partner', aud, key: key.privateKey })
    const refused = await post(`${idp.issuer}/token`, assertionForm(elsewhere))
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it.each([
    ['another aud', { aud: 'https://other.example' }, /aud of client_assertion is https:/],
    ['the issuer with a slash as aud', { aud: 'slash' }, /aud of client_assertion/],
    ['no aud', { aud: undefined }, /aud of client_assertion is missing/],
    ['an empty list as aud', { aud: [] }, /aud of client_assertion is \[\]/],
    ['an object as aud', { aud: {} }, /aud of client_assertion/],
    ['no exp', { exp: undefined }, /no exp/],
    ['an exp of a minute and more ago', { exp: inSeconds(-61) }, /expired at/],
    ['an exp that is text', { exp: String(inSeconds(60)) }, /exp of client_assertion is/],
    ['an exp that is null', { exp: null }, /exp of client_assertion is null/],
    ['an nbf of more than a minute ahead', { nbf: inSeconds(120) }, /valid from/],
    ['an nbf that is text', { nbf: 'tomorrow' }, /nbf of client_assertion is tomorrow/],
    ['no jti', { jti: undefined }, /no jti/],
    ['an empty jti', { jti: '' }, /no jti/],
    ['a number as jti', { jti: 7 }, /no jti/],
    ['no sub', { sub: undefined }, /sub of client_assertion is missing/],
    ['another sub', { sub: 'alice' }, /sub of client_assertion is alice/],
    ['no iss', { iss: undefined }, /iss of client_assertion is missing/],
  ])('refuses %s with invalid_client', async (_what, claims, why) => {
    await using idp = await start()
    const changed = 'aud' in claims && claims.aud === 'slash' ? { aud: `${idp.issuer}/` } : claims
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, claims: changed })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(why)
    expect(answer.headers.has('www-authenticate')).toBe(false)
  })

  it('forgives clocks that are less than a minute apart', async () => {
    await using idp = await start()
    for (const claims of [{ exp: inSeconds(-50) }, { nbf: inSeconds(50) }]) {
      const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, claims })
      expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(200)
    }
  })

  it('expires by the clock of the provider', async () => {
    await using idp = await start()
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    await idp.clock.advance('3m')
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(/expired at/)
  })

  it('refuses an assertion of another iss, under the name of either', async () => {
    await using idp = await start()
    const claims = { iss: 'api' }
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, claims })
    for (const client_id of ['partner', 'api']) {
      const answer = await post(`${idp.issuer}/token`, { ...assertionForm(jwt), client_id })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
  })
})

describe('RFC 7515 signatures of client assertions', () => {
  it('refuses alg none, in any letters', async () => {
    await using idp = await start()
    for (const alg of ['none', 'None', 'NONE']) {
      const claims = { iss: 'partner', sub: 'partner', aud: idp.issuer, jti: alg, exp: inSeconds(60) }
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const answer = await post(`${idp.issuer}/token`, assertionForm(`${part({ alg })}.${part(claims)}.`))
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
  })

  it.each(['as JSON', 'as x coordinate'])(
    'refuses HS256 with the public key %s as the secret',
    async (form) => {
      for (const strictness of ['strict', 'lax'] as const) {
        await using idp = await startIdp({
          strictness,
          clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }],
        })
        const secret = Buffer.from(form === 'as JSON' ? JSON.stringify(key.jwk) : String(key.jwk.x))
        const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: secret, alg: 'HS256' })
        const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
        expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
      }
    },
  )

  it('refuses a signature by another key, also with the right kid', async () => {
    await using idp = await start()
    const { privateKey } = await generateKeyPair('ES256')
    for (const header of [{}, { kid: 'client-key' }]) {
      const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: privateKey, header })
      const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
      expect(answer.body.error_description).toMatch(/does not verify with any registered key \(client-key\)/)
    }
  })

  it('does not take a key out of the assertion itself', async () => {
    await using idp = await start()
    const own = await makeKey()
    const header = { jwk: own.jwk, jku: 'http://127.0.0.1:9/jwks' }
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: own.privateKey, header })
    expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(401)
  })

  it('refuses an extension in crit that it does not understand', async () => {
    await using idp = await start()
    const header = { crit: [UNKNOWN_EXTENSION], [UNKNOWN_EXTENSION]: true }
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, header })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('refuses claims that were changed after signing', async () => {
    await using idp = await start()
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const [header, claims = '', signature] = jwt.split('.')
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), jti: 'another' }
    const forged = [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
    expect((await post(`${idp.issuer}/token`, assertionForm(forged))).status).toBe(401)
    expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(200)
  })

  it.each(['x', 'a.b', 'a.b.c', '..', 'e30.e30.', 'e30.bnVsbA.', 'e30.W10.e30', `${'a'.repeat(5000)}.a.a`])(
    'refuses %s, which is no JWT',
    async (text) => {
      await using idp = await start()
      const answer = await post(`${idp.issuer}/token`, assertionForm(text))
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    },
  )
})

describe('RFC 7521 §4.2 Using Assertions for Client Authentication', () => {
  it.each([
    ['client_assertion_type is missing', { client_assertion_type: '' }, /without client_assertion_type/],
    [
      'client_assertion_type is another',
      { client_assertion_type: 'urn:saml' },
      /is urn:saml, expected urn:ietf/,
    ],
    ['client_assertion is missing', { client_assertion: '' }, /without client_assertion/],
    ['client_id is another', { client_id: 'api' }, /iss of client_assertion is partner|may use/],
    [
      'the JWT came as assertion',
      { client_assertion: '', client_assertion_type: '', assertion: 'a.b.c' },
      /name it client_assertion/,
    ],
  ])('refuses a request where %s', async (_what, change, why) => {
    await using idp = await start()
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const answer = await post(`${idp.issuer}/token`, { ...assertionForm(jwt), ...change } as Record<
      string,
      string
    >)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(why)
  })

  it('takes client_id as optional', async () => {
    await using idp = await start()
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const form = { ...assertionForm(jwt), client_id: 'partner' }
    expect((await post(`${idp.issuer}/token`, form)).status).toBe(200)
  })

  it('holds a client to token_endpoint_auth_signing_alg', async () => {
    await using idp = await start({ token_endpoint_auth_signing_alg: 'ES512' })
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const answer = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(/signed with ES256, .* ES512/)
  })

  it('asks a client with keys that only names itself for an assertion', async () => {
    await using idp = await start()
    const answer = await post(`${idp.issuer}/token`, {
      grant_type: 'client_credentials',
      client_id: 'partner',
    })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(/expected client_assertion/)
  })
})
