import { networkInterfaces } from 'node:os'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { BANNER, issuerIn, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { shell } from '../support/shell.ts'

const CONFIG = `
server: { port: 0 }
clients:
  - { client_id: batch, client_secret: s3cret-of-batch }
`

/** Verifies a token as an API would that knows the issuer and nothing else. */
async function verified(issuer: string, token: string) {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`)
  const metadata = (await answer.json()) as Record<'issuer' | 'jwks_uri', string>
  expect(metadata.issuer).toBe(issuer)
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(metadata.jwks_uri)), { issuer })
  return payload
}

describe('idp-double without any configuration', () => {
  it('prints a curl that gets a token, which verifies through discovery', async () => {
    await using idp = start(['--port', '0'])
    const [, curl = ''] = await idp.says(BANNER)
    const issuer = issuerIn(idp.texts.stdout)
    expect(idp.texts.stdout.split('\n')[0]).toContain('TEST ONLY')
    const answer = JSON.parse(await shell(curl))
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    expect(await verified(issuer, answer.access_token)).toMatchObject({
      client_id: 'orders-batch',
      aud: 'https://api.example.test',
      roles: ['reader'],
    })
  })

  it('is ready when it says so', async () => {
    await using idp = start(['serve', '--port', '0', '--quiet'])
    const [, url = ''] = await idp.says(/^idp-double is ready: (http\S+)\n/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(idp.texts.stdout.split('\n')).toHaveLength(2)
  })

  it('has new secrets each time', async () => {
    await using one = start(['--port', '0'])
    await using two = start(['--port', '0'])
    const secretOf = (curl = '') => /orders-batch:(\S+)/.exec(curl)?.[1]
    const [first, second] = await Promise.all([one.says(BANNER), two.says(BANNER)])
    expect(secretOf(first[1])).toMatch(/^[\w-]{32}$/)
    expect(secretOf(first[1])).not.toBe(secretOf(second[1]))
  })
})

describe('the banner', () => {
  it('says where the inspector is, unless nobody may drive the provider', async () => {
    await using idp = start(['--port', '0'])
    await idp.says(BANNER)
    const [, page = ''] = /inspector +(http\S+)/.exec(idp.texts.stdout) ?? []
    expect((await fetch(page)).headers.get('content-type')).toContain('text/html')
    const cwd = folder({ 'idp-double.yaml': `${CONFIG}control: { enabled: false }\n` })
    await using closed = start([], { cwd })
    await closed.says(BANNER)
    expect(closed.texts.stdout).not.toContain('_mock')
  })

  it('begins with the issuer byte for byte, and its curl goes to the listener', async () => {
    const cwd = folder({ 'idp-double.yaml': CONFIG })
    await using idp = start(['--issuer', 'https://IDP.example.test/auth/'], { cwd })
    const [, curl = ''] = await idp.says(BANNER)
    expect(issuerIn(idp.texts.stdout)).toBe('https://IDP.example.test/auth/')
    expect(idp.texts.stdout).toContain('https://IDP.example.test/auth/.well-known/openid-configuration\n')
    expect(curl).toMatch(/ http:\/\/localhost:\d+\/token$/)
    const { access_token } = JSON.parse(await shell(curl))
    expect(JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString()).iss).toBe(
      'https://IDP.example.test/auth/',
    )
  })

  it('shows the name of a client for people', async () => {
    const named = CONFIG.replace('client_id: batch,', 'client_id: batch, client_name: Nightly orders,')
    await using idp = start([], { cwd: folder({ 'idp-double.yaml': named }) })
    await idp.says(BANNER)
    expect(idp.texts.stdout).toMatch(/^ {2}batch .* {2}Nightly orders$/m)
  })

  it('lists ten tenants and ten clients, and counts the others', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `t${index + 1}`)
    const tenants = Object.fromEntries(
      names.map((name) => [name, { clients: [{ client_id: `of-${name}`, client_secret: 's3cret-s3cret' }] }]),
    )
    const cwd = folder({ 'idp-double.json': JSON.stringify({ server: { port: 0 }, tenants }) })
    await using idp = start([], { cwd })
    const [, curl = ''] = await idp.says(BANNER)
    const banner = idp.texts.stdout
    expect(banner).toMatch(/t10 \(standard\) +http:\/\/localhost:\d+\/t10\n {2}and 2 more\n/)
    expect(banner).toMatch(/of-t10 \(t10\).*\n {2}and 2 more\n/)
    expect(banner).not.toContain('t11')
    expect(JSON.parse(await shell(curl))).toHaveProperty('access_token')
  })

  it.each([
    ['a secret of all kinds of characters', { client_secret: `a'b"c $d\\e&f%g:h*i!jß` }],
    ['a secret in the body only', { token_endpoint_auth_method: 'client_secret_post' }],
    ['a client_id with a colon', { client_id: 'urn:client:one two' }],
  ])('has a curl that works for %s', async (_, client) => {
    const clients = [{ client_id: 'batch', client_secret: 's3cret-s3cret', ...client }]
    const cwd = folder({ 'idp-double.json': JSON.stringify({ server: { port: 0 }, clients }) })
    await using idp = start([], { cwd })
    const [, curl = ''] = await idp.says(BANNER)
    expect(JSON.parse(await shell(curl))).toHaveProperty('access_token')
  })

  it('passes over clients that curl cannot speak for', async () => {
    const clients = [
      { client_id: 'public', token_endpoint_auth_method: 'none' },
      { client_id: 'signer', client_secret: 'x'.repeat(40), token_endpoint_auth_method: 'client_secret_jwt' },
      { client_id: 'resting', client_secret: 's3cret-s3cret', grant_types: [] },
      { client_id: 'last', client_secret: 's3cret-s3cret' },
    ]
    const cwd = folder({ 'idp-double.json': JSON.stringify({ server: { port: 0 }, clients }) })
    await using idp = start([], { cwd })
    const [, curl = ''] = await idp.says(BANNER)
    expect(curl).toContain('-u last:')
  })

  it('keeps configured secrets to itself where others can see the provider, and warns', async () => {
    const cwd = folder({ 'idp-double.yaml': CONFIG })
    await using idp = start(['--host', '0.0.0.0'], { cwd })
    const [, curl = ''] = await idp.says(BANNER)
    expect(curl).toContain('-u "batch:$CLIENT_SECRET"')
    expect(idp.texts.stdout).not.toContain('s3cret-of-batch')
    const [warning] = await idp.says(/^warning: listening on 0\.0\.0\.0: .*\n/, 'stderr')
    const outside = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
    for (const { address, internal, family } of outside)
      if (!internal && family === 'IPv4') expect(warning).toContain(`http://${address}:`)
    const answer = JSON.parse(await shell(curl, { CLIENT_SECRET: 's3cret-of-batch' }))
    expect(answer).toHaveProperty('access_token')
  })

  it('is one JSON line with --log json', async () => {
    await using idp = start(['--port', '0', '--log', 'json', '--host', '127.0.0.1'])
    const [line] = await idp.says(/^.*\n/)
    const { url, port, ...ready } = JSON.parse(line)
    expect(ready).toEqual({
      event: 'ready',
      issuer: url,
      tenants: [{ name: 'default', dialect: 'standard', issuer: url }],
    })
    expect(url).toBe(`http://localhost:${port}`)
    expect(idp.texts.stderr).toBe('')
  })
})
