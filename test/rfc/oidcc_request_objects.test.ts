/** OpenID Connect conformance: the request objects of the plan "dynamic", and where their errors go in every plan. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { authorizeUrl } from '../support/browser.ts'
import { get } from '../support/http.ts'
import { registered } from '../support/registration.ts'
import { BASIC, HYBRID, IMPLICIT, REDIRECT_URI, RelyingParty, startOp } from '../support/relying_party.ts'
import { signed, unsigned } from '../support/request_object.ts'

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** The client's host, which has a request object at every path. */
async function hostOf(text: () => string | Promise<string>) {
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', 'application/jwt').end(await text())
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A provider at which a client registered itself as the dynamic plan does, and that client. */
async function dynamic(origin: string, more: Record<string, unknown>, type = 'code id_token') {
  const idp = await startIdp({
    users: [{ username: 'alice' }],
    registration: { enabled: true, allowed_origins: [origin] },
  })
  const { client_id } = await registered(idp.issuer, {
    redirect_uris: [REDIRECT_URI],
    response_types: [type],
    grant_types: ['authorization_code', 'implicit'],
    ...more,
  })
  const rp = new RelyingParty(idp.issuer, { type, mode: 'default' }, String(client_id))
  return { idp, rp, [Symbol.asyncDispose]: () => idp.stop() }
}

/** The address of a request of which only this stands beside the object. */
const around = ({ issuer, flow, client_id }: RelyingParty, beside: Record<string, string>) =>
  authorizeUrl(issuer, { client_id, response_type: flow.type, state: undefined, ...beside })

describe.each(['code', 'id_token', 'code id_token'])('dynamic plan, response_type=%s', (type) => {
  it('oidcc-request-uri-unsigned: an object of alg none at a registered request_uri works', async () => {
    let text = ''
    const origin = await hostOf(() => text)
    const request_uri = `${origin}/requesturi/Xa3#bBT5Hr5L5fJ9`
    await using op = await dynamic(origin, { request_uris: [request_uri] }, type)
    const { rp } = op
    rp.url()
    text = unsigned(rp.sent)
    const answer = rp.received(await rp.pick(await rp.browser.open(around(rp, { request_uri }))))
    expect(answer).not.toHaveProperty('error')
    if (answer['id_token'] !== undefined) await rp.verified(answer['id_token'])
  })

  it('oidcc-request-uri-signed-rs256: one with iss and aud, signed by the key that the client registered, works', async () => {
    const { jwk, privateKey } = await makeKey('RS256', 'mine')
    let claims = {}
    const origin = await hostOf(() => signed(claims, privateKey, { alg: 'RS256', kid: 'mine' }))
    const request_uri = `${origin}/requesturi/Xa3#bBT5Hr5L5fJ9`
    const keys = { jwks: { keys: [jwk] }, request_object_signing_alg: 'RS256' }
    await using op = await dynamic(origin, { request_uris: [request_uri], ...keys }, type)
    const { rp, idp } = op
    rp.url()
    claims = { ...rp.sent, iss: rp.client_id, aud: idp.issuer }
    const answer = rp.received(await rp.pick(await rp.browser.open(around(rp, { request_uri }))))
    expect(answer).not.toHaveProperty('error')
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body['request_uri_parameter_supported']).toBe(true)
    expect(body['request_object_signing_alg_values_supported']).toContain('RS256')
  })

  it('oidcc-request-uri-signed-rs256: one of alg none is refused to a client that registered RS256', async () => {
    const { jwk } = await makeKey('RS256', 'mine')
    const keys = { jwks: { keys: [jwk] }, request_object_signing_alg: 'RS256' }
    await using op = await dynamic('https://rp.test', keys, type)
    const { rp } = op
    const beside = { redirect_uri: REDIRECT_URI, state: 'outside' }
    const page = await rp.browser.open(around(rp, { request: unsigned({}), ...beside }))
    rp.sent = { state: 'outside' }
    expect(rp.received(page)['error']).toBe('invalid_request_object')
  })

  it('oidcc-ensure-request-object-with-redirect-uri: a good redirect_uri inside wins over a bad one beside it', async () => {
    await using op = await dynamic('https://rp.test', {}, type)
    const { rp } = op
    rp.url()
    const beside = { request: unsigned(rp.sent), redirect_uri: `${REDIRECT_URI}_invalid` }
    const { left, html } = await rp.pick(await rp.browser.open(around(rp, beside)))
    expect(left?.href, html).toMatch(/^https:\/\/rp\.test\/callback[?#]/)
  })
})

describe.each([...BASIC, ...IMPLICIT, ...HYBRID])(
  'request object, response_type=$type, response_mode=$mode',
  (flow) => {
    it('is refused where it does not hold, by the way of the answer, with the state beside it', async () => {
      await using idp = await startOp()
      for (const request of [
        'x',
        'a.b.c',
        unsigned({ exp: 1 }),
        unsigned({ iss: 'another' }),
        unsigned({ aud: 'a' }),
      ]) {
        const rp = new RelyingParty(idp.issuer, flow)
        expect(rp.received(await rp.open({ request }))['error']).toBe('invalid_request_object')
      }
    })

    it('is never fetched from an address that the client did not register: invalid_request_uri', async () => {
      let asked = 0
      const origin = await hostOf(() => String(asked++))
      await using idp = await startOp({ request_uris: [`${origin}/one#hash`] })
      for (const path of ['', '/', '/one', '/one#', '/one#HASH', '/one?#hash', '/two#hash', '/one#hash2']) {
        const rp = new RelyingParty(idp.issuer, flow)
        const answer = rp.received(await rp.open({ request_uri: `${origin}${path}` }))
        expect(answer['error'], path).toBe('invalid_request_uri')
      }
      expect(asked).toBe(0)
    })

    it('keeps the rules of the plan inside: the nonce, prompt=none, and the response_type beside it', async () => {
      await using idp = await startOp()
      const errorOf = async (inside: Record<string, string>) => {
        const rp = new RelyingParty(idp.issuer, flow)
        return rp.received(await rp.open({ nonce: undefined, request: unsigned(inside) }))['error']
      }
      expect(await errorOf({ prompt: 'none', nonce: 'n' })).toBe('login_required')
      expect(await errorOf({ response_type: 'none', nonce: 'n' })).toBe('invalid_request_object')
      if (flow.type.includes('id_token')) expect(await errorOf({ scope: 'openid' })).toBe('invalid_request')
    })

    it('says in what mode the answer comes, and is held to what that mode is for', async () => {
      await using idp = await startOp()
      const rp = new RelyingParty(idp.issuer, { type: flow.type, mode: 'default' })
      const by = async (response_mode: string) =>
        await rp.open({ request: unsigned({ response_mode, prompt: 'none' }) })
      expect(rp.received(await by('form_post'), 'form_post')['error']).toBe('login_required')
      const query = rp.received(await by('query'))
      expect(query['error']).toBe(flow.type === 'code' ? 'login_required' : 'invalid_request')
    })
  },
)
