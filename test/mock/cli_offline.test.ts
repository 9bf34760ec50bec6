import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, exportJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { CONFIG, place, run, start } from '../support/cli.ts'

describe('idp-double explain', () => {
  it('shows every claim in the order of the token, with its origin', async () => {
    const { code, stdout, stderr } = await run(['explain', '--client', 'batch'], place())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/))
    expect(lines).toContainEqual(['format', 'jwt', '← default of dialect standard'])
    expect(lines).toContainEqual(['lifetime', '1200 s', '← lifetimes.access_token'])
    expect(lines).toContainEqual(['iss', 'http://localhost:9000', '← issuer of tenant default'])
    expect(lines).toContainEqual(['client', 'batch (Nightly orders)'])
    expect(lines).toContainEqual(['roles', '["archivist"]', '← roles of client batch'])
    expect(lines).toContainEqual(['region', 'eu', '← claims of resource https://api.example.test'])
    expect(lines).toContainEqual(['department', 'finance', '← claims of client batch'])
    const claims = lines.slice(lines.findIndex(([name]) => name === 'claims') + 1, -1).map(([name]) => name)
    const issued = decodeJwt((await run(['token', '--client', 'batch'], place())).stdout)
    expect(claims).toEqual(Object.keys(issued))
  })

  it('shows other targets, and what is stored of an opaque token', async () => {
    const { stdout } = await run(['explain', '--client', 'batch', '--resource', 'reports'], place())
    expect(stdout).toMatch(/format +opaque +← access_token\.format of the resource/)
    expect(stdout).toMatch(/lifetime +300 s +← access_token\.lifetime of the resource/)
    expect(stdout).toMatch(/aud +reports +← request parameter audience/)
    expect(stdout).not.toContain('header')
  })

  it.each([
    [['--client', 'batch', '--scope', 'write'], 'invalid_scope (scope.invalid)'],
    [['--client', 'batch', '--audience', 'gone'], 'invalid_target (resource.unknown)'],
    [['--client', 'idle'], 'unauthorized_client (grant.not_allowed)'],
  ])('says how the client would be refused: %j', async (args, message) => {
    const { code, stdout, stderr } = await run(['explain', ...args], place())
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
  })

  it.each([
    [['--client', 'bach'], 'client bach is not declared in tenant default; declared: batch or idle'],
    [['--client', 'batch', '--tenant', 'x'], 'there is no tenant x; there are: default'],
    [['--client', 'batch', '--grant', 'x'], '--grant is x, expected authorization_code'],
    [['--client', 'batch', '--resource', 'a', '--audience', 'b'], 'give one of them'],
  ])('knows what there is: %j', async (args, message) => {
    const { code, stderr } = await run(['explain', ...args], place())
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  it('finds the tenant that has the client', async () => {
    const client = (id: string) => `{ clients: [{ client_id: ${id}, client_secret: s3cret-s3cret }] }`
    const { stdout } = await run(
      ['explain', '--client', 'y'],
      place(`tenants: { a: ${client('x')}, b: ${client('y')} }`),
    )
    expect(stdout).toMatch(/iss +http:\/\/localhost:8080\/b +←/)
  })
})

describe('idp-double token', () => {
  it('prints a token of what was asked for, signed with the kept key', async () => {
    const at = place(CONFIG.replace('port: 9000', 'port: 0, state_dir: ./state'))
    const args = [
      '--role',
      'admin',
      '--role',
      'b',
      '--claim',
      'n=1',
      '--claim',
      'o={"a":[true]}',
      '--claim',
      't=x=y',
    ]
    const { code, stdout, stderr } = await run(
      [
        'token',
        '--client',
        'batch',
        ...args,
        '--lifetime',
        '5m',
        '--scope',
        'any',
        '--audience',
        'undeclared',
      ],
      { ...at, env: { IDP_DOUBLE_ISSUER: 'http://idp.example.test' } },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    await using idp = start(['--quiet'], at)
    const [, url] = await idp.says(/ready: (\S+)/)
    const keys = createLocalJWKSet((await (await fetch(`${url}/jwks.json`)).json()) as never)
    const { payload } = await jwtVerify(stdout.trim(), keys, { audience: 'undeclared' })
    const { iat = 0, exp = 0, ...claims } = payload
    expect(exp - iat).toBe(300)
    expect(claims).toMatchObject({
      iss: 'http://idp.example.test',
      scope: 'any',
      roles: ['admin', 'b'],
      department: 'finance',
      n: 1,
      o: { a: [true] },
      t: 'x=y',
    })
  })

  it('makes tokens that are out of date', async () => {
    const { stdout } = await run(['token', '--client', 'batch', '--lifetime=-5m'], place())
    expect(decodeJwt(stdout).exp).toBeLessThan(Date.now() / 1000)
  })

  it('warns where no server can know the key', async () => {
    const { code, stdout, stderr } = await run(['token', '--client', 'orders-batch'])
    expect(code).toBe(0)
    expect(stdout.split('.')).toHaveLength(3)
    expect(stderr).toMatch(/^warning: .*no running server knows it; set server\.state_dir/)
    const jwk = await exportJWK(generateKeyPairSync('ed25519').privateKey)
    const given = await run(
      ['token', '--client', 'batch'],
      place(`${CONFIG}\nkeys: [{ jwk: ${JSON.stringify(jwk)} }]`),
    )
    expect(given).toMatchObject({ code: 0, stderr: '' })
  })

  it('refuses an opaque token, which means nothing by itself', async () => {
    const { code, stdout, stderr } = await run(
      ['token', '--client', 'batch', '--resource', 'reports'],
      place(),
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('opaque')
  })

  it.each([
    [['--claim', 'x'], '--claim is x, expected name=value'],
    [['--lifetime', 'soon'], '--lifetime: "soon" is no duration; expected 90s'],
    [['--client', 'nobody'], 'client nobody is not declared'],
  ])('teaches: %j', async (args, message) => {
    const { code, stdout, stderr } = await run(['token', '--client', 'batch', ...args], place())
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})
