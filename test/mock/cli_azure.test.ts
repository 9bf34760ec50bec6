import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { BANNER, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { get } from '../support/http.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const CONFIG = `
server: { port: 0 }
dialect: entra
id: ${TENANT}
resources: [{ identifier: api://orders }]
clients: [{ client_id: batch, client_secret: s3cret-of-batch }]
`

/** The lines under a title of the banner. */
function section(banner: string, title: string): string[] {
  const [, after = ''] = banner.split(`\n${title}\n`)
  return (after.split('\n\n')[0] ?? '').split('\n').map((line) => line.trim())
}

async function bannerOf(config: string, args: string[] = []) {
  const idp = start(args, { cwd: folder({ 'idp-double.yaml': config }) })
  await idp.says(BANNER)
  return { text: idp.texts.stdout, [Symbol.asyncDispose]: () => idp[Symbol.asyncDispose]() }
}

describe('the banner of a tenant of Entra', () => {
  it('has variables that get a managed identity its tokens', async () => {
    await using banner = await bannerOf(CONFIG)
    const lines = section(banner.text, 'azure')
    expect(lines.length).toBeLessThanOrEqual(6)
    const [, url = '', header = ''] =
      /^IDENTITY_ENDPOINT=(\S+) IDENTITY_HEADER=(\S+) /.exec(lines[0] ?? '') ?? []
    expect(header).toMatch(/^[\w-]{32}$/)
    const answer = await get(`${url}?api-version=2019-08-01&resource=api://orders`, {
      'x-identity-header': header,
    })
    expect(answer.status).toBe(200)
    const [, host = ''] = /^AZURE_POD_IDENTITY_AUTHORITY_HOST=(\S+) /m.exec(lines.join('\n')) ?? []
    const metadata = `${host}/metadata/identity/oauth2/token?resource=api://orders`
    expect((await get(metadata, { metadata: 'true' })).status).toBe(200)
    expect(lines.join('\n')).toContain('refuse http')
  })

  it('has what MSAL and @azure/identity are told where https is served', async () => {
    await using banner = await bannerOf(CONFIG, ['--tls'])
    const lines = section(banner.text, 'azure').join('\n')
    const [, host] = /^AZURE_AUTHORITY_HOST=https:\/\/(\S+) AZURE_TENANT_ID=/m.exec(lines) ?? []
    expect(lines).toContain(`{ authority: 'https://${host}/${TENANT}', knownAuthorities: ['${host}'] }`)
    expect(lines).not.toContain('refuse http')
  })

  it('can be copied, whatever the base path and the secret are', async () => {
    const odd = CONFIG.replace('port: 0', `port: 0, base_path: "/it's(&)", tls: { port: 0 }`)
    await using banner = await bannerOf(`${odd}managed_identity: { header: "a b'c$HOME" }\n`)
    const shell = (script: string) => promisify(execFile)('bash', ['-c', script])
    const [variables = ''] = section(banner.text, 'azure')
    const { stdout } = await shell(`${variables}\necho "$IDENTITY_ENDPOINT $IDENTITY_HEADER"`)
    expect(stdout).toMatch(/\/it's\(&\)\/msi\/token a b'c\$HOME\n$/)
    const [download = ''] = section(banner.text, 'its CA')
    expect((await shell(download.replace('-so ca.pem', '-s'))).stdout).toMatch(/^-----BEGIN CERTIFICATE/)
  })

  it('shows a few of many groups', async () => {
    await using banner = await bannerOf(`${CONFIG}users: [{ username: ada, groups: { generate: 300 } }]\n`)
    expect(section(banner.text, 'users')).toEqual([
      expect.stringMatching(/^ada {2}group-1 .* and 29\d more$/),
    ])
  })

  it('hides a configured secret from those who collect the output of servers', async () => {
    const configured = `${CONFIG}managed_identity: { header: what-the-platform-gave }\n`
    await using here = await bannerOf(configured)
    expect(here.text).toContain('IDENTITY_HEADER=what-the-platform-gave ')
    await using there = await bannerOf(configured, ['--host', '0.0.0.0'])
    expect(there.text).not.toContain('what-the-platform-gave')
    expect(there.text).toContain('IDENTITY_HEADER=$IDENTITY_HEADER ')
  })

  it('is no other banner', async () => {
    await using idp = start(['--port', '0'])
    await idp.says(BANNER)
    expect(idp.texts.stdout).not.toMatch(/^azure$/m)
  })
})
