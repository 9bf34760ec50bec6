import { describe, expect, it } from 'vitest'
import { issuerIn, start } from '../support/cli.ts'
import { ask } from '../support/control_calls.ts'
import { folder } from '../support/folder.ts'
import { basic, post } from '../support/http.ts'

const CONFIG = 'server: { port: 0 }\nclients: [{ client_id: web, client_secret: s3cret-of-web }]\n'

/** A client that sends its secret twice, which the double lets pass for no one. */
async function stopped(args: string[], isWrong: boolean) {
  await using idp = start(args, { cwd: folder({ 'idp-double.yaml': CONFIG }) })
  const [, url = ''] = await idp.says(/(http:\/\/localhost:\d+)/)
  const twice: Record<string, string> = isWrong ? { client_id: 'web', client_secret: 's3cret-of-web' } : {}
  const form = { grant_type: 'client_credentials', ...twice }
  await post(`${url}/token`, form, basic('web', 's3cret-of-web'))
  idp.child.kill('SIGTERM')
  const [code] = await idp.ended
  return { code, stdout: idp.texts.stdout, url: issuerIn(idp.texts.stdout) }
}

describe('the end of a run', () => {
  it('sums up what was found wrong with the clients, with what to do; it is no failure of the command', async () => {
    const { code, stdout } = await stopped([], true)
    expect(code).toBe(0)
    const [, summary = ''] = stdout.split(' /token 400 ')
    expect(summary).toContain('credentials_twice')
    expect(summary).toMatch(/fix: .+\n +see: https:\/\//)
    expect(stdout).not.toContain('tenant default\n')
  })

  it('is told to machines as one event', async () => {
    const { stdout } = await stopped(['--log', 'json'], true)
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(last).toMatchObject({
      event: 'findings',
      items: [{ tenant: 'default', id: 'credentials_twice', severity: 'error', count: 1 }],
    })
  })

  it('is cut where many sandboxes have findings', async () => {
    await using idp = start([], { cwd: folder({ 'idp-double.yaml': CONFIG }) })
    const [, url = ''] = await idp.says(/(http:\/\/localhost:\d+)/)
    const form = { grant_type: 'client_credentials', client_id: 'web', client_secret: 's3cret-of-web' }
    for (let count = 0; count < 22; count += 1) {
      const { issuer } = (await ask('POST', `${url}/_mock/sandboxes`, {})).body
      await post(`${issuer}/token`, form, basic('web', 's3cret-of-web'))
    }
    await idp.stop()
    const [, ...tenants] = idp.texts.stdout.split('\ntenant ')
    expect(tenants).toHaveLength(20)
    expect(tenants.at(-1)).toContain('\n\nand 2 more tenants with findings\n')
  })

  it('has nothing to say where nothing was wrong, and where it is to be quiet', async () => {
    expect((await stopped([], false)).stdout).not.toContain('fix:')
    expect((await stopped(['--quiet'], true)).stdout).not.toContain('fix:')
  })
})
