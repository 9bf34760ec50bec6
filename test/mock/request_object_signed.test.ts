import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { requestObjectAlgs } from '../../src/authorization/request_object.ts'
import { makeKey } from '../support/assertion.ts'
import { merged, part, refusal, SECRET, setup, signed, unsigned } from '../support/request_object.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('RFC 9101 §6.2 JWS-Signed Request Object', () => {
  const claims = { state: 'inside' }
  const inside = { state: ['inside'] }

  it.each(requestObjectAlgs.filter((alg) => !/^(HS|none)/.test(alg)))(
    'verifies %s by the keys of the client',
    async (alg) => {
      const key = await makeKey(alg, 'one')
      const made = await setup({ client_secret: undefined, jwks: { keys: [key.jwk as never] } })
      const request = await signed(claims, key.privateKey, { alg, kid: 'one' })
      expect(await merged(made, { request })).toMatchObject(inside)
      const other = await signed(claims, (await makeKey(alg)).privateKey, { alg })
      const error = await refusal(made, { request: other })
      expect(error).toMatchObject({ reason: 'request_object.signature', error: 'invalid_request_object' })
      expect(error.message).toMatch(
        /signature of the request object does not verify with any registered key \(one\)/,
      )
      const unknown = await signed(claims, key.privateKey, { alg, kid: 'two' })
      expect((await refusal(made, { request: unknown })).message).toMatch(
        /the request object has kid two, .* are one/,
      )
    },
  )

  it.each(['HS256', 'HS384', 'HS512'])('verifies %s by the client secret', async (alg) => {
    const made = await setup()
    expect(await merged(made, { request: await signed(claims, Buffer.from(SECRET), { alg }) })).toMatchObject(
      inside,
    )
    const other = await refusal(made, { request: await signed(claims, Buffer.from(`${SECRET}x`), { alg }) })
    expect(other).toMatchObject({ reason: 'request_object.signature', error: 'invalid_request_object' })
    expect(other.message).toMatch(/the key is the client secret's UTF-8 octets/)
  })

  it('tells a client without keys or secret what to register', async () => {
    const made = await setup({ client_secret: undefined })
    const byKey = await signed(claims, (await makeKey()).privateKey, { alg: 'ES256' })
    expect((await refusal(made, { request: byKey })).message).toMatch(
      /has no key to verify the request object with/,
    )
    const bySecret = await signed(claims, Buffer.from(SECRET), { alg: 'HS256' })
    expect((await refusal(made, { request: bySecret })).message).toMatch(/client app has no secret/)
  })

  it('holds a client to request_object_signing_alg, also against none', async () => {
    const key = await makeKey('ES256')
    const made = await setup({ request_object_signing_alg: 'ES256', jwks: { keys: [key.jwk as never] } })
    const right = await signed(claims, key.privateKey, { alg: 'ES256' })
    expect(await merged(made, { request: right })).toMatchObject(inside)
    for (const request of [unsigned(claims), await signed(claims, Buffer.from(SECRET), { alg: 'HS256' })]) {
      const error = await refusal(made, { request })
      expect(error).toMatchObject({ reason: 'request_object.signature', error: 'invalid_request_object' })
      expect(error.message).toMatch(/has alg (none|HS256), .* registered request_object_signing_alg ES256/)
    }
  })

  it('accepts an unsigned one of a client that registered none', async () => {
    const made = await setup({ request_object_signing_alg: 'none' })
    expect(await merged(made, { request: unsigned(claims) })).toMatchObject(inside)
    const request = await signed(claims, Buffer.from(SECRET), { alg: 'HS256' })
    expect((await refusal(made, { request })).error).toBe('invalid_request_object')
  })

  it('refuses alg none with a signature, in other letters, or with an extension', async () => {
    const made = await setup()
    const all = [
      `${unsigned(claims)}AAAA`,
      unsigned(claims, { alg: 'None' }),
      unsigned(claims, { crit: ['x'] }),
    ]
    for (const request of all) expect((await refusal(made, { request })).error).toBe('invalid_request_object')
  })

  it('refuses claims that were changed after signing', async () => {
    const request = await signed(claims, Buffer.from(SECRET), { alg: 'HS256' })
    const [header, , signature] = request.split('.')
    const forged = [header, part({ state: 'forged' }), signature].join('.')
    expect((await refusal(await setup(), { request: forged })).reason).toBe('request_object.signature')
  })
})

describe('OpenID Connect Core §6.2 Passing a Request Object by Reference', () => {
  it('fetches a registered request_uri without its fragment, and asks for a JWT', async () => {
    const asked: unknown[] = []
    const origin = await serve(({ url, headers }, response) => {
      asked.push([url, headers.accept])
      response.end(`${unsigned({ state: 'inside' })}\n`)
    })
    const request_uri = `${origin}/object.jwt?a=b#GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM`
    const made = await setup({ request_uris: [request_uri] })
    expect(await merged(made, { request_uri })).toEqual({
      client_id: ['app'],
      response_type: ['code'],
      scope: ['openid'],
      state: ['inside'],
    })
    expect(asked).toEqual([['/object.jwt?a=b', 'application/oauth-authz-req+jwt, application/jwt']])
  })

  it('compares request_uri as a whole string, and fetches nothing that is not registered', async () => {
    let fetched = 0
    const origin = await serve((_request, response) => {
      fetched += 1
      response.end(unsigned({}))
    })
    const made = await setup({ request_uris: [`${origin}/object#one`] })
    for (const request_uri of [
      `${origin}/object`,
      `${origin}/object#two`,
      `${origin}/OBJECT#one`,
      'x',
      'urn:x',
    ]) {
      const error = await refusal(made, { request_uri })
      expect(error).toMatchObject({ reason: 'request_uri.invalid', error: 'invalid_request_uri' })
      expect(error.message).toMatch(/client app registered http:.*#one; register this very one/)
    }
    expect(fetched).toBe(0)
  })

  it.each([
    ['is not found', 404, '', /status 404/],
    ['redirects', 302, '', /status 302/],
    ['is too large', 200, 'x'.repeat(70_000), /more than 65536 bytes/],
    ['is no JWT', 200, '<html>', /is not a JWT/],
    ['is empty', 200, '', /is not a JWT/],
  ])('refuses one whose document %s with invalid_request_uri', async (_what, status, text, why) => {
    const request_uri = `${await serve((_request, response) => response.writeHead(status).end(text))}/object`
    const error = await refusal(await setup({ request_uris: [request_uri] }), { request_uri })
    expect(error).toMatchObject({ reason: 'request_uri.invalid', error: 'invalid_request_uri' })
    expect(error.message).toMatch(why)
  })

  it('refuses a fetched object that does not verify with invalid_request_object', async () => {
    const text = await signed({}, Buffer.from(`${SECRET}x`), { alg: 'HS256' })
    const request_uri = `${await serve((_request, response) => response.end(text))}/object`
    const error = await refusal(await setup({ request_uris: [request_uri] }), { request_uri })
    expect(error).toMatchObject({ reason: 'request_object.signature', error: 'invalid_request_object' })
  })

  it('refuses request and request_uri at once with invalid_request', async () => {
    const error = await refusal(await setup(), {
      request: unsigned({}),
      request_uri: 'https://app.test/object',
    })
    expect(error).toMatchObject({ reason: 'param.invalid', error: 'invalid_request' })
  })
})
