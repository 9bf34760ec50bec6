import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import * as api from '../../src/index.ts'
import { folder } from '../support/folder.ts'
import { decode, get, post, requestToken } from '../support/http.ts'

const { ConfigError, startIdp } = api
const CLIENT = { client_id: 'orders', client_secret: 's3cret' }
const API = 'https://api.example.test'
const OIDC = '/.well-known/openid-configuration'

describe('the package', () => {
  it('exports these names and no others', () => {
    expect(Object.keys(api).sort()).toEqual(['ConfigError', 'connectIdp', 'startIdp'])
  })
})

describe('startIdp', () => {
  it('listens on a free port of the loopback interface, and says where', async () => {
    await using idp = await startIdp()
    expect(idp.url).toMatch(/^http:\/\/localhost:\d+$/)
    expect(idp.issuer).toBe(idp.url)
    expect(idp.issuerOf('default')).toBe(idp.issuer)
    expect((await get(`${idp.issuer}${OIDC}`)).body.issuer).toBe(idp.issuer)
    expect((await get(`${idp.issuer}/jwks.json`)).body.keys).toHaveLength(1)
    expect((await get(`${idp.url}/readyz`)).status).toBe(200)
  })

  it('can run twice at once, each with its own clients, clock and store', async () => {
    await using one = await startIdp({ clients: [CLIENT] })
    await using two = await startIdp({ clients: [{ ...CLIENT, client_id: 'other' }] })
    expect(one.url).not.toBe(two.url)
    await expect(requestToken(two.issuer, ['orders', 's3cret'])).rejects.toThrow('401')
    await one.clock.advance('2h')
    const at = async (idp: typeof one, client: string) =>
      Number(decode(await idp.token({ client })).claims.iat) - Date.now() / 1000
    expect(await at(one, 'orders')).toBeGreaterThan(7000)
    expect(await at(two, 'other')).toBeLessThan(60)
  })

  it('listens on the port it is told', async () => {
    const free = await startIdp()
    const port = Number(new URL(free.url).port)
    await free.stop()
    await using idp = await startIdp({ server: { port } })
    expect(idp.url).toBe(`http://localhost:${port}`)
    await expect(startIdp({ server: { port } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('reads a configuration file, with names out of the environment, and takes a free port anyway', async () => {
    const directory = folder({ 'secret.txt': 'from a file\n' })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own references
    const client = '{ client_id: "${LIBRARY_TEST_CLIENT}", client_secret: "${LIBRARY_TEST_NONE:-default}" }'
    const lines = [
      'server: { port: 1 }',
      'clients:',
      `  - ${client}`,
      '  - { client_id: filed, client_secret_file: secret.txt }',
    ]
    const configFile = join(directory, 'idp.yaml')
    writeFileSync(configFile, lines.join('\n'))
    process.env.LIBRARY_TEST_CLIENT = 'from-the-environment'
    await using idp = await startIdp({ configFile })
    delete process.env.LIBRARY_TEST_CLIENT
    const token = await requestToken(idp.issuer, ['from-the-environment', 'default'])
    expect(decode(token).claims.client_id).toBe('from-the-environment')
    expect(await requestToken(idp.issuer, ['filed', 'from a file'])).toMatch(/^ey/)
  })

  it('throws one ConfigError with every problem', async () => {
    const options = {
      clints: [],
      clients: [CLIENT, CLIENT, { client_id: 'x', grant_types: ['telepathy'] }],
      lifetimes: { access_token: 'soon' },
    }
    const error = await startIdp(options as never).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(ConfigError)
    const { problems, message } = error as api.ConfigError
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'clients[1].client_id',
      'clients[2].grant_types[0]',
      'clints',
      'lifetimes.access_token',
    ])
    expect(message).toMatch(/clints[\s\S]*clients/)
  })

  it('throws for a configuration file that is not there, by its name', async () => {
    await expect(startIdp({ configFile: '/nowhere/idp.yaml' })).rejects.toThrow('/nowhere/idp.yaml')
  })
})

describe('idp.token', () => {
  it('mints what the configuration says, and what the test says over it', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: API, scopes: ['read'], roles: ['reader', 'admin'] }],
      clients: [{ ...CLIENT, audience: API, scope: 'read', roles: ['reader'], claims: { tier: 'gold' } }],
    })
    const plain = decode(await idp.token({ client: 'orders' }))
    expect(plain.header.typ).toBe('at+jwt')
    expect(plain.claims).toMatchObject({
      iss: idp.issuer,
      aud: API,
      scope: 'read',
      roles: ['reader'],
      tier: 'gold',
    })
    const bent = decode(
      await idp.token({
        client: 'orders',
        audience: ['https://any.example', 'no uri'],
        scope: 'anything at all',
        roles: ['made-up'],
        claims: { tier: null, sub: 'alice', nested: { a: [1] } },
        lifetime: '5m',
      }),
    ).claims
    expect(bent).toMatchObject({
      aud: ['https://any.example', 'no uri'],
      scope: 'anything at all',
      roles: ['made-up'],
      tier: null,
      sub: 'alice',
      nested: { a: [1] },
    })
    expect(Number(bent.exp) - Number(bent.iat)).toBe(300)
  })

  it('has the roles that it was asked for, also one that another resource declares', async () => {
    await using idp = await startIdp({
      resources: [
        { identifier: 'https://a.example.test', roles: ['reader'] },
        { identifier: 'https://b.example.test', roles: ['writer'] },
      ],
      clients: [{ client_id: 'orders', client_secret: 's3cret', roles: ['reader', 'writer'] }],
    })
    const configured = await idp.token({ client: 'orders', resource: 'https://a.example.test' })
    expect(decodeJwt(configured)['roles']).toEqual(['reader'])
    const asked = await idp.token({ client: 'orders', resource: 'https://a.example.test', roles: ['writer'] })
    expect(decodeJwt(asked)['roles']).toEqual(['writer'])
  })

  it('takes a resource that is no URI, for a test says what it wants', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    expect(decodeJwt(await idp.token({ client: 'orders', resource: 'orders-api' }))['aud']).toBe('orders-api')
  })

  it('is accepted by the provider, as one from the token endpoint', async () => {
    await using idp = await startIdp({ clients: [CLIENT] })
    const authorization = `Bearer ${await idp.token({ client: 'orders' })}`
    expect((await get(`${idp.issuer}/userinfo`, { authorization })).body).toEqual({ sub: 'orders' })
  })

  it.each([
    [90, 90],
    ['90s', 90],
    ['1h', 3600],
    ['14d', 1_209_600],
    [-10, -10],
    ['-5m', -300],
  ])('takes a lifetime of %j', async (lifetime, seconds) => {
    await using idp = await startIdp({ clients: [CLIENT] })
    const { claims } = decode(await idp.token({ client: 'orders', lifetime }))
    expect(Number(claims.exp) - Number(claims.iat)).toBe(seconds)
  })

  it('is of the tenant that is named, else of the first', async () => {
    await using idp = await startIdp({ tenants: { one: { clients: [CLIENT] }, two: { clients: [CLIENT] } } })
    const iss = async (tenant?: string) =>
      decode(await idp.token({ client: 'orders', ...(tenant !== undefined && { tenant }) })).claims.iss
    expect([await iss(), await iss('one'), await iss('two')]).toEqual([
      idp.issuer,
      idp.issuerOf('one'),
      idp.issuerOf('two'),
    ])
    expect(idp.issuer).toBe(`${idp.url}/one`)
  })

  it('teaches who is there where a name is wrong', async () => {
    await using idp = await startIdp({ tenants: { one: { clients: [CLIENT] }, two: {} } })
    await expect(idp.token({ client: 'ordres' })).rejects.toThrow(
      new TypeError('client ordres is not declared in tenant one; declared: orders'),
    )
    const nowhere = new TypeError('there is no tenant three; configured: one or two')
    await expect(idp.token({ client: 'orders', tenant: 'three' })).rejects.toThrow(nowhere)
    expect(() => idp.issuerOf('three')).toThrow(nowhere)
    const never = /"soon" is no duration; expected 90s, 5m, 1h, 14d/
    await expect(idp.token({ client: 'orders', lifetime: 'soon' })).rejects.toThrow(never)
    await expect(idp.clock.advance('soon')).rejects.toThrow(never)
    await expect(idp.clock.advance(Number.NaN)).rejects.toThrow(TypeError)
  })
})

describe('stop', () => {
  it('ends the listener, twice without harm', async () => {
    const idp = await startIdp()
    await idp.stop()
    await expect(fetch(`${idp.issuer}/jwks.json`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await idp.stop()
    await idp[Symbol.asyncDispose]()
  })

  it('lets a request that has begun finish, and does not wait longer than that', async () => {
    const idp = await startIdp({ clients: [CLIENT] })
    const form = 'grant_type=client_credentials&client_id=orders&client_secret=s3cret'
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }
    const agent = new Agent({ keepAlive: true })
    const headers = { ...type, expect: '100-continue' }
    const request = httpRequest(`${idp.issuer}/token`, { method: 'POST', headers, agent })
    request.flushHeaders()
    await new Promise((resolve) => request.on('continue', resolve))
    request.write(form.slice(0, 10))
    const started = performance.now()
    const stopped = idp.stop()
    const status = new Promise((resolve, reject) => {
      request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
      request.on('error', reject)
    })
    request.end(form.slice(10))
    expect(await status).toBe(200)
    await stopped
    agent.destroy()
    expect(performance.now() - started).toBeLessThan(4000)
  })

  it('leaves nothing behind after two hundred starts', { timeout: 30_000 }, async () => {
    const open = () =>
      process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Server|Pipe/.test(name)).length
    for (let round = 0; round < 5; round += 1) await (await startIdp({ clients: [CLIENT] })).stop()
    await setImmediate()
    const before = open()
    for (let round = 0; round < 200; round += 1) {
      const idp = await startIdp({ clients: [CLIENT] })
      if (round % 20 === 0) await post(`${idp.issuer}/token`, '', { connection: 'close' })
      await idp.stop()
    }
    // What was closed in this turn of the event loop is gone in the next.
    await setImmediate()
    await setImmediate()
    expect(open()).toBeLessThanOrEqual(before)
  })

  it('lets a process that uses the package end by itself', { timeout: 20_000 }, async () => {
    const entry = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href
    const program = `
      const { startIdp } = await import(${JSON.stringify(entry)})
      const idp = await startIdp({ clients: [${JSON.stringify(CLIENT)}] })
      const response = await fetch(idp.issuer + '/jwks.json')
      const { keys } = await response.json()
      await idp.token({ client: 'orders' })
      await idp.stop()
      console.log(keys.length)
    `
    const options = { timeout: 15_000 }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', program],
      options,
    )
    expect(stdout.trim()).toBe('1')
  })
})
