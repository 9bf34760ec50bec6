import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { startIdp } from '../../src/index.ts'
import { type ProviderOptions, startProvider } from '../../src/provider.ts'
import { configured } from '../support/configured.ts'
import { ask } from '../support/control_calls.ts'
import { folder } from '../support/folder.ts'
import { basic, get, post, requestToken } from '../support/http.ts'
import { eventsOf } from '../support/requests.ts'

const ORDERS = { client_id: 'orders', client_secret: 's3cret' }
const CREDENTIALS = ['orders', 's3cret'] as const

/** A provider whose idle time the test moves, and calls about its sandboxes. */
async function start(input: ConfigInput = {}, options: ProviderOptions = {}) {
  let time = 0
  const config = await configured({ clients: [ORDERS], server: { port: 0 }, ...input })
  const running = await startProvider(config, { monotonic: () => time, ...options })
  const url = `${running.url}/_mock/sandboxes`
  return {
    running,
    open: (body?: unknown) => ask('POST', url, body),
    drop: (id: unknown) => ask('DELETE', `${url}/${String(id)}`),
    ids: async () => ((await get(url)).body['items'] as { id: string }[]).map(({ id }) => id),
    pass: (seconds: number) => {
      time += seconds * 1000
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

describe('the life of a sandbox', () => {
  it('is listed, and gone with everything when it is dropped', async () => {
    await using at = await start()
    const [one, two] = [(await at.open()).body, (await at.open()).body]
    expect(await at.ids()).toEqual([one['id'], two['id']])
    expect((await at.drop(one['id'])).status).toBe(204)
    expect(await at.ids()).toEqual([two['id']])
    const gone = await get(`${String(one['issuer'])}/jwks.json`)
    expect(gone.status).toBe(404)
    expect(gone.body['error_description']).toContain('the sandbox was dropped')
    expect((await get(`${at.running.url}/_mock/users?tenant=${one['id']}`)).status).toBe(404)
    const again = await at.drop(one['id'])
    expect([again.status, again.body['detail']]).toEqual([
      404,
      `there is no sandbox ${one['id']}; it may have been dropped, or idle for too long`,
    ])
    expect(await requestToken(String(two['issuer']), CREDENTIALS)).toMatch(/\./)
  })

  it('ends when nobody used it for the idle time: to the second, by a clock that no test moves', async () => {
    await using at = await start({ control: { sandboxes: { idle: '10m' } } })
    const [{ body: used }, { body: idle }] = [await at.open(), await at.open()]
    at.running.clock.advance(86_400)
    at.pass(300)
    await requestToken(String(used['issuer']), CREDENTIALS)
    at.pass(299.999)
    expect(await at.ids()).toEqual([idle['id'], used['id']])
    at.pass(0.001)
    expect(await at.ids()).toEqual([used['id']])
    expect((await get(`${String(idle['issuer'])}/jwks.json`)).status).toBe(404)
    at.pass(300)
    expect((await get(`${String(used['issuer'])}/jwks.json`)).status).toBe(404)
    expect(await at.ids()).toEqual([])
  })

  it('is kept by calls about it too, and by nothing else', async () => {
    await using at = await start({ control: { sandboxes: { idle: '10m' } } })
    const { id, issuer } = (await at.open()).body
    for (let n = 0; n < 3; n += 1) {
      at.pass(599)
      expect((await get(`${at.running.url}/_mock/clock?tenant=${id}`)).status).toBe(200)
    }
    at.pass(300)
    await at.ids()
    await requestToken(at.running.url, CREDENTIALS)
    at.pass(300)
    expect((await get(`${String(issuer)}/jwks.json`)).status).toBe(404)
  })

  it('is refused with 429 when there are as many as may be, and possible again after one is gone', async () => {
    await using at = await start({ control: { sandboxes: { most: 3, idle: '10m' } } })
    const ids = []
    for (let n = 0; n < 3; n += 1) ids.push((await at.open()).body['id'])
    const refused = await at.open()
    expect([refused.status, refused.body['detail']]).toEqual([
      429,
      'there are 3 sandboxes already; drop those that are done, or raise control.sandboxes.most',
    ])
    await at.drop(ids[1])
    expect((await at.open()).status).toBe(201)
    expect((await at.open()).status).toBe(429)
    at.pass(600)
    expect((await at.open()).status).toBe(201)
    expect(await at.ids()).toHaveLength(1)
  })

  it('ends what waits for its requests, and lets a request in flight have its answer', async () => {
    let arrived: () => void = () => undefined
    let release: () => void = () => undefined
    const reached = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const going = new Promise<void>((resolve) => {
      release = resolve
    })
    const keys = createServer((_request, response) => {
      arrived()
      void going.then(() => response.setHeader('content-type', 'application/json').end('{"keys":[]}'))
    })
    await new Promise<void>((resolve) => keys.listen(0, resolve))
    const jwks_uri = `http://localhost:${(keys.address() as AddressInfo).port}/jwks`
    await using at = await start()
    const clients = [{ client_id: 'signs', token_endpoint_auth_method: 'private_key_jwt', jwks_uri }]
    const { id, issuer } = (await at.open({ clients })).body
    const stream = await fetch(`${at.running.url}/_mock/requests/stream?tenant=${id}`)
    const seen = (async () => {
      for await (const event of eventsOf(stream)) expect(event).toBeUndefined()
      return 'ended'
    })()
    const exp = Math.floor(at.running.clock.seconds()) + 60
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: 'signs', sub: 'signs', aud: issuer, jti: 'x', exp }
    const client_assertion = `${encoded({ alg: 'RS256', kid: 'k' })}.${encoded(claims)}.c2ln`
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const form = { grant_type: 'client_credentials', client_assertion, client_assertion_type }
    const answer = post(`${String(issuer)}/token`, form)
    await reached
    await at.drop(id)
    expect(await seen).toBe('ended')
    release()
    expect((await answer).status).toBe(401)
    expect((await get(`${at.running.url}/_mock/requests`)).body['items']).toEqual([])
    keys.close()
  })
})

describe('the keys of a sandbox', () => {
  const kids = async (issuer: unknown) => {
    const { body } = await get(`${String(issuer)}/jwks.json`)
    return (body['keys'] as { kid: string }[]).map(({ kid }) => kid)
  }

  it('are those of its tenant, unless it is given some', async () => {
    await using idp = await startIdp({ tenants: { own: { keys: [{ alg: 'ES256' }] }, shared: {} } })
    await using box = await idp.sandbox()
    await using shared = await idp.sandbox({ tenant: 'shared' })
    await using other = await idp.sandbox({ keys: [{ alg: 'EdDSA', kid: 'mine' }] })
    expect(await kids(box.issuer)).toEqual(await kids(idp.issuer))
    expect(await kids(shared.issuer)).toEqual(await kids(idp.issuerOf('shared')))
    expect(await kids(other.issuer)).toEqual(['mine'])
  })

  it('are private: rotated there, they stay elsewhere as they are', async () => {
    await using idp = await startIdp({ clients: [ORDERS] })
    await using box = await idp.sandbox()
    await using twin = await idp.sandbox()
    const before = await kids(idp.issuer)
    await box.keys.rotate()
    expect(await kids(box.issuer)).toHaveLength(2)
    expect([await kids(idp.issuer), await kids(twin.issuer)]).toEqual([before, before])
    await box.reset()
    expect(await kids(box.issuer)).toEqual(before)
  })

  it('are never written into the state directory', async () => {
    const dir = folder()
    await using idp = await startIdp({ clients: [ORDERS], server: { state_dir: dir } })
    await requestToken(idp.issuer, CREDENTIALS)
    const file = path.join(dir, 'keys.json')
    expect(existsSync(file)).toBe(true)
    const before = readFileSync(file, 'utf8')
    await using box = await idp.sandbox({ keys: [{ alg: 'ES256' }, { alg: 'RS256', status: 'published' }] })
    expect(await kids(box.issuer)).toHaveLength(2)
    expect(
      (await post(`${box.issuer}/token`, { grant_type: 'client_credentials' }, basic(...CREDENTIALS))).status,
    ).toBe(200)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})
