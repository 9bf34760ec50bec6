import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { get } from '../support/http.ts'
import { signed, unsigned } from '../support/request_object.ts'

const SECRET = 'a secret of thirty-two octets at least'
const REGISTERED = 'https://app.test/cb'
const OTHER = 'https://app.test/other'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function start(more: Record<string, unknown> = {}) {
  const redirect_uris = [REGISTERED, OTHER]
  const client = {
    client_id: 'app',
    client_secret: SECRET,
    grant_types: ['authorization_code'],
    redirect_uris,
  }
  return await startIdp({
    users: [{ username: 'alice' }],
    login: { mode: 'auto' },
    clients: [{ ...client, ...more }],
  })
}

/** What the authorization endpoint answers: a redirect, or a page. */
async function authorize(issuer: string, params: Record<string, string>) {
  const usual = { client_id: 'app', response_type: 'code', scope: 'openid', login_hint: 'alice' }
  const query = new URLSearchParams({ ...usual, ...params })
  const response = await fetch(`${issuer}/authorize?${query}`, { redirect: 'manual' })
  const location = response.headers.get('location')
  if (location === null) return { status: response.status, page: await response.text() }
  const { origin, pathname, searchParams } = new URL(location)
  return { status: response.status, to: origin + pathname, params: Object.fromEntries(searchParams) }
}

describe('RFC 9101 §6 Validating JWT-Based Requests', () => {
  it('answers a signed request object at the redirect_uri and with the state that are inside', async () => {
    const { jwk, privateKey } = await makeKey('ES256', 'one')
    await using idp = await start({ jwks: { keys: [jwk] } })
    const claims = {
      iss: 'app',
      aud: idp.issuer,
      client_id: 'app',
      redirect_uri: REGISTERED,
      state: 'inside',
    }
    const request = await signed(claims, privateKey, { alg: 'ES256', kid: 'one' })
    for (const outside of [{}, { redirect_uri: OTHER }, { redirect_uri: 'https://evil.test/' }]) {
      const answer = await authorize(idp.issuer, { request, state: 'outside', ...outside })
      expect(answer).toMatchObject({ to: REGISTERED, params: { state: 'inside', code: expect.any(String) } })
    }
  })

  it('tells the client at the redirect_uri outside what is wrong with its request object', async () => {
    await using idp = await start()
    const request = await signed({ redirect_uri: REGISTERED }, Buffer.from('another secret'), {
      alg: 'HS256',
    })
    const answer = await authorize(idp.issuer, { request, redirect_uri: OTHER, state: 'outside' })
    expect(answer).toMatchObject({ to: OTHER, params: { error: 'invalid_request_object', state: 'outside' } })
    expect(answer.params).not.toHaveProperty('code')
  })

  it('sends nobody to a redirect_uri that is not registered, wherever it stands', async () => {
    await using idp = await start()
    const evil = 'https://evil.test/'
    const inside = await authorize(idp.issuer, {
      request: unsigned({ redirect_uri: evil }),
      redirect_uri: OTHER,
    })
    const bad = await authorize(idp.issuer, { request: 'x', redirect_uri: evil })
    for (const answer of [inside, bad]) {
      expect(answer).toMatchObject({ status: 400, page: expect.stringContaining('redirect_uri') })
      expect(answer).not.toHaveProperty('to')
    }
  })

  it('holds the parameters inside to the same rules', async () => {
    await using idp = await start()
    const request = unsigned({ prompt: 'none login', state: 'inside' })
    const answer = await authorize(idp.issuer, { request, redirect_uri: OTHER, state: 'outside' })
    expect(answer).toMatchObject({ to: OTHER, params: { error: 'invalid_request', state: 'inside' } })
  })
})

describe('RFC 9101 §5.2 Passing a Request Object by Reference', () => {
  it('fetches what the client registered, and says so in its metadata', async () => {
    const text = unsigned({ redirect_uri: REGISTERED, state: 'fetched' })
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/oauth-authz-req+jwt' }).end(text)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const request_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/object#version-1`
    await using idp = await start({ request_uris: [request_uri] })
    expect(await authorize(idp.issuer, { request_uri })).toMatchObject({
      to: REGISTERED,
      params: { state: 'fetched', code: expect.any(String) },
    })
    const refused = await authorize(idp.issuer, { request_uri: `${request_uri}0`, redirect_uri: OTHER })
    expect(refused).toMatchObject({ to: OTHER, params: { error: 'invalid_request_uri' } })
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body).toMatchObject({ request_parameter_supported: true, request_uri_parameter_supported: true })
    expect(body['request_object_signing_alg_values_supported']).toEqual(
      expect.arrayContaining(['RS256', 'ES256', 'HS256', 'none']),
    )
  })
})
