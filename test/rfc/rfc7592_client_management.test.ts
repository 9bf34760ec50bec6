import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { type Answer, answerOf, basic, get, post } from '../support/http.ts'
import { manage, registered } from '../support/registration.ts'

const start = () =>
  startIdp({
    registration: { enabled: true },
    clients: [{ client_id: 'orders', client_secret: 's3cret' }],
  })

const MACHINE = { grant_types: ['client_credentials'] }
const CALLBACK = 'https://app.example.test/callback'

/** Whether the client gets a token with this secret. */
async function getsToken(issuer: string, client_id: unknown, secret: unknown): Promise<boolean> {
  const form = { grant_type: 'client_credentials' }
  const answer = await post(`${issuer}/token`, form, basic(String(client_id), String(secret)))
  return answer.status === 200
}

const refusedToken = { status: 401, body: { error: 'invalid_token' } }

describe('RFC 7592 §2 Client Configuration Endpoint', () => {
  it.each(['GET', 'PUT', 'DELETE'] as const)('refuses %s without a token', async (method) => {
    await using idp = await start()
    const { registration_client_uri } = await registered(idp.issuer, MACHINE)
    const answer = await answerOf(await fetch(String(registration_client_uri), { method }))
    expect(answer).toMatchObject(refusedToken)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="default"')
  })

  it.each(['GET', 'PUT', 'DELETE'] as const)(
    'refuses %s with a token that is not the client’s',
    async (method) => {
      await using idp = await start()
      const [one, other] = [await registered(idp.issuer, MACHINE), await registered(idp.issuer, MACHINE)]
      const { registration_access_token } = other
      const answer = await manage({ ...one, registration_access_token }, method, undefined)
      expect(answer).toMatchObject(refusedToken)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="default", error="invalid_token"/)
      expect(await manage(one)).toMatchObject({ status: 200 })
    },
  )

  it.each(['orders', 'nobody'])('does not manage %s, which did not register itself', async (client_id) => {
    await using idp = await start()
    const registration_client_uri = `${idp.issuer}/register?client_id=${client_id}`
    for (const registration_access_token of ['s3cret', 'undefined'])
      expect(await manage({ registration_client_uri, registration_access_token })).toMatchObject(refusedToken)
  })

  it.each(['', '?client_id=', '?client_id=a&client_id=b'])('refuses the URI /register%s', async (query) => {
    await using idp = await start()
    const client = await registered(idp.issuer, MACHINE)
    const answer = await manage({ ...client, registration_client_uri: `${idp.issuer}/register${query}` })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it('keeps the clients of each tenant apart', async () => {
    const tenant = { registration: { enabled: true } }
    await using idp = await startIdp({ tenants: { a: tenant, b: tenant } })
    const client = await registered(idp.issuerOf('a'), MACHINE)
    const there = String(client['registration_client_uri'])
    expect(there).toContain('/a/register?')
    const elsewhere = { ...client, registration_client_uri: there.replace('/a/', '/b/') }
    expect(await manage(elsewhere)).toMatchObject(refusedToken)
    expect(await getsToken(idp.issuerOf('b'), client['client_id'], client['client_secret'])).toBe(false)
    expect(await getsToken(idp.issuerOf('a'), client['client_id'], client['client_secret'])).toBe(true)
  })
})

describe('RFC 7592 §2.1 Client Read Request', () => {
  it('answers what the registration answered', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, { redirect_uris: [CALLBACK], client_name: 'Orders' })
    const answer = await manage(client)
    expect(answer).toMatchObject({ status: 200, body: client })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    await idp.clock.advance('30d')
    expect((await manage(client)).body).toEqual(client)
    expect(await manage(client, 'HEAD')).toMatchObject({ status: 200, text: '' })
  })
})

describe('RFC 7592 §2.2 Client Update Request', () => {
  it('replaces all metadata; what is left out goes back to its default', async () => {
    await using idp = await start()
    const asked = { redirect_uris: [CALLBACK], client_name: 'Orders', scope: 'a', require_auth_time: true }
    const client = await registered(idp.issuer, asked)
    const { client_id, client_secret } = client
    const update = { client_id, client_secret, redirect_uris: [`${CALLBACK}/2`], client_name: null }
    const answer = await manage(client, 'PUT', update)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        client_id,
        client_secret,
        client_id_issued_at: client['client_id_issued_at'],
        registration_access_token: client['registration_access_token'],
        registration_client_uri: client['registration_client_uri'],
        redirect_uris: [`${CALLBACK}/2`],
        require_auth_time: false,
      },
    })
    expect(answer.body).not.toHaveProperty('client_name')
    expect(answer.body).not.toHaveProperty('scope')
    expect((await manage(client)).body).toEqual(answer.body)
  })

  it('counts from then on', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, { redirect_uris: [CALLBACK] })
    const { client_id, client_secret } = client
    expect(await getsToken(idp.issuer, client_id, client_secret)).toBe(false)
    await manage(client, 'PUT', { ...MACHINE, client_id })
    expect(await getsToken(idp.issuer, client_id, client_secret)).toBe(true)
  })

  it('takes back all that a read gave', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, { redirect_uris: [CALLBACK], contacts: ['a@example.test'] })
    expect((await manage(client, 'PUT', (await manage(client)).body)).body).toEqual(client)
  })

  it.each([
    ['another client_id', { client_id: 'orders' }],
    ['no client_id', { client_id: undefined }],
    ['a client_id that is no text', { client_id: ['x'] }],
    ['a secret of its own choice', { client_secret: 'hush-hush' }],
    ['a secret that is no text', { client_secret: 5 }],
    ['wrong metadata', { grant_types: 'client_credentials' }],
  ])('refuses %s and changes nothing', async (_what, wrong) => {
    await using idp = await start()
    const client = await registered(idp.issuer, MACHINE)
    const { client_id } = client
    const answer = await manage(client, 'PUT', { ...MACHINE, client_id, client_name: 'New', ...wrong })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(answer.text).not.toContain('hush')
    expect((await manage(client)).body).toEqual(client)
  })

  it('takes the secret from a client that needs none any more, and gives another one a secret', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, MACHINE)
    const { client_id, client_secret } = client
    const { jwk } = await makeKey()
    const key = {
      ...MACHINE,
      client_id,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [jwk] },
    }
    expect((await manage(client, 'PUT', key)).body).not.toHaveProperty('client_secret')
    expect(await getsToken(idp.issuer, client_id, client_secret)).toBe(false)
    const { body } = await manage(client, 'PUT', { ...MACHINE, client_id })
    expect(body['client_secret']).not.toBe(client_secret)
    expect(await getsToken(idp.issuer, client_id, body['client_secret'])).toBe(true)
  })
})

describe('RFC 7592 §2.3 Client Delete Request', () => {
  it('ends the client: 204, then it is nobody', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, MACHINE)
    const { client_id, client_secret } = client
    expect(await getsToken(idp.issuer, client_id, client_secret)).toBe(true)
    const answer = await manage(client, 'DELETE')
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await getsToken(idp.issuer, client_id, client_secret)).toBe(false)
    const later: Answer[] = [
      await manage(client),
      await manage(client, 'PUT', MACHINE),
      await manage(client, 'DELETE'),
    ]
    for (const each of later) expect(each).toMatchObject(refusedToken)
  })

  it('ends what the client was given', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, MACHINE)
    const form = { grant_type: 'client_credentials' }
    const { body } = await post(
      `${idp.issuer}/token`,
      form,
      basic(String(client['client_id']), String(client['client_secret'])),
    )
    const authorization = `Bearer ${String(body['access_token'])}`
    expect(await get(`${idp.issuer}/userinfo`, { authorization })).toMatchObject({ status: 200 })
    await manage(client, 'DELETE')
    expect(await get(`${idp.issuer}/userinfo`, { authorization })).toMatchObject(refusedToken)
  })

  it('leaves other clients alone', async () => {
    await using idp = await start()
    const [one, other] = [await registered(idp.issuer, MACHINE), await registered(idp.issuer, MACHINE)]
    await manage(one, 'DELETE')
    expect(await getsToken(idp.issuer, other['client_id'], other['client_secret'])).toBe(true)
    expect(await getsToken(idp.issuer, 'orders', 's3cret')).toBe(true)
  })
})
