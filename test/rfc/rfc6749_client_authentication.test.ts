import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, basicAsIs, post } from '../support/http.ts'

const GRANT = { grant_type: 'client_credentials' }

describe('RFC 6749 §2.3.1 Client Password', () => {
  it.each([
    ['plain', 's3cret', 's3cret'],
    ['a space, encoded as +', 'a b', 'a+b'],
    ['a plus, encoded as %2B', 'a+b', 'a%2Bb'],
    ['an exclamation mark, encoded as %21', 'wow!', 'wow%21'],
    ['an exclamation mark, left as it is', 'wow!', 'wow!'],
    ['a colon, encoded', 'a:b:c', 'a%3Ab%3Ac'],
    ['a colon, left as it is', 'a:b:c', 'a:b:c'],
    ['a percent sign', '100%', '100%25'],
    ['an ampersand and an equals sign', 'a=b&c', 'a%3Db%26c'],
    ['letters outside ASCII, encoded as UTF-8', 'päß€wörd✓', encodeURIComponent('päß€wörd✓')],
    ['letters outside ASCII, left as they are', 'päß✓', 'päß✓'],
    ['a percent-encoding that is part of the secret', 'a%2Bb', 'a%252Bb'],
  ])('takes a secret in the Authorization header with %s', async (_what, client_secret, sent) => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret }] })
    expect(await post(`${idp.issuer}/token`, GRANT, basicAsIs(`orders:${sent}`))).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer' },
    })
    const wrong = await post(`${idp.issuer}/token`, GRANT, basicAsIs(`orders:${sent}x`))
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('form-decodes the client_id too', async () => {
    const client_id = 'https://client.example/a+b c'
    await using idp = await startIdp({ clients: [{ client_id, client_secret: 's3cret' }] })
    expect((await post(`${idp.issuer}/token`, GRANT, basic(client_id, 's3cret'))).status).toBe(200)
  })

  it('takes a secret as parameters of the body', async () => {
    const client = { client_id: 'orders', client_secret: 'a+b & c: ✓' }
    await using idp = await startIdp({ clients: [client] })
    expect((await post(`${idp.issuer}/token`, { ...GRANT, ...client })).status).toBe(200)
    const wrong = await post(`${idp.issuer}/token`, { ...GRANT, ...client, client_secret: 'a b & c: ✓' })
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('does not take a secret from the query string', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const query = new URLSearchParams({ ...GRANT, client_id: 'orders', client_secret: 's3cret' })
    const answer = await post(`${idp.issuer}/token?${query}`, GRANT)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('takes client_id in the body next to the Authorization header, if both are the same', async () => {
    await using idp = await startIdp({
      clients: [
        { client_id: 'orders', client_secret: 's3cret' },
        { client_id: 'other', client_secret: 'other' },
      ],
    })
    const url = `${idp.issuer}/token`
    expect((await post(url, { ...GRANT, client_id: 'orders' }, basic('orders', 's3cret'))).status).toBe(200)
    const mixed = await post(url, { ...GRANT, client_id: 'other' }, basic('orders', 's3cret'))
    expect(mixed).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it.each([
    ['the scheme in lower case', 'basic', 200],
    ['the scheme in upper case', 'BASIC', 200],
    ['another scheme', 'Digest', 401],
  ])('reads an Authorization header with %s', async (_what, scheme, status) => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const authorization = basic('orders', 's3cret').authorization.replace('Basic', scheme)
    expect((await post(`${idp.issuer}/token`, GRANT, { authorization })).status).toBe(status)
  })

  it.each([
    ['without a colon', basicAsIs('orders').authorization],
    ['with broken percent-encoding', basicAsIs('orders:100%').authorization],
    ['that is not base64', 'Basic %%%'],
    ['without a value', 'Basic'],
    ['with a lone surrogate', basicAsIs('orders:%ED%A0%80').authorization],
  ])('refuses a Basic header %s with invalid_client and 401', async (_what, authorization) => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const answer = await post(`${idp.issuer}/token`, GRANT, { authorization })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="/)
  })

  it('accepts each of several secrets, for rotation, and no other', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', secrets: ['old', 'new'] }] })
    const statuses = []
    for (const secret of ['old', 'new', 'older', '']) {
      statuses.push((await post(`${idp.issuer}/token`, GRANT, basic('orders', secret))).status)
    }
    expect(statuses).toEqual([200, 200, 401, 401])
  })
})

describe('RFC 6749 §2.3 Client Authentication', () => {
  it.each([
    ['the header and the body', { client_id: 'orders', client_secret: 's3cret' }, true],
    ['the header and a secret alone', { client_secret: 's3cret' }, true],
    ['the header and an assertion', { client_assertion: 'eyJhbGciOiJIUzI1NiJ9.e30.x' }, true],
    [
      'the body and an assertion',
      { client_id: 'orders', client_secret: 's3cret', client_assertion: 'eyJhbGciOiJIUzI1NiJ9.e30.x' },
      false,
    ],
  ])('refuses %s at once with invalid_request', async (_what, form, header) => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const whole = { ...GRANT, ...form, ...('client_assertion' in form && { client_assertion_type: type }) }
    const answer = await post(`${idp.issuer}/token`, whole, header ? basic('orders', 's3cret') : {})
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(/at once; use one method/)
  })

  it.each([
    ['client_secret_basic', [200, 401]],
    ['client_secret_post', [401, 200]],
    ['client_secret_jwt', [401, 401]],
    [undefined, [200, 200]],
  ])('holds a client to its registered method %s', async (method, statuses) => {
    await using idp = await startIdp({
      clients: [
        {
          client_id: 'orders',
          client_secret: 's3cret',
          ...(method !== undefined && { token_endpoint_auth_method: method }),
        },
      ],
    })
    const url = `${idp.issuer}/token`
    const byHeader = await post(url, GRANT, basic('orders', 's3cret'))
    const byBody = await post(url, { ...GRANT, client_id: 'orders', client_secret: 's3cret' })
    expect([byHeader.status, byBody.status]).toEqual(statuses)
  })
})

describe('RFC 6749 §5.2 invalid_client', () => {
  it.each([
    ['an unknown client', 'nobody', 's3cret'],
    ['a wrong secret', 'orders', 'wrong'],
    ['an empty secret', 'orders', ''],
    ['a secret for a client that has none', 'public', 's3cret'],
  ])('refuses %s with 401 and WWW-Authenticate, when it came in the header', async (_what, id, secret) => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: 's3cret' }, { client_id: 'public' }],
    })
    const answer = await post(`${idp.issuer}/token`, GRANT, basic(id, secret))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Basic realm="default", error="invalid_client", error_description="[^"]+"$/,
    )
    expect(answer.text).not.toContain('s3cret')
  })

  it.each([
    ['an unknown client', { client_id: 'nobody', client_secret: 's3cret' }],
    ['a wrong secret', { client_id: 'orders', client_secret: 'wrong' }],
    ['a missing secret', { client_id: 'orders' }],
    ['an empty secret', { client_id: 'orders', client_secret: '' }],
    ['no client at all', {}],
    ['a secret without a client', { client_secret: 's3cret' }],
  ])('refuses %s without WWW-Authenticate, when no header came', async (_what, form) => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const answer = await post(`${idp.issuer}/token`, { ...GRANT, ...form } as Record<string, string>)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.has('www-authenticate')).toBe(false)
  })

  it('does not let a client in by the name of an object member', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    for (const id of ['__proto__', 'constructor', 'toString']) {
      const answer = await post(`${idp.issuer}/token`, GRANT, basic(id, 's3cret'))
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
  })
})
