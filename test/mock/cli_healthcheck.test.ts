import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { run, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

const place = (text: string) => ({ cwd: folder({ 'idp-double.yaml': text }) })

describe('idp-double healthcheck', () => {
  it('finds the provider by port, by URL and by configuration', async () => {
    await using idp = start(['--quiet'], place('server: { port: 0, base_path: /auth }'))
    const url = (await idp.says(/ready: (\S+)/))[1] as string
    const port = new URL(url).port
    const ready = { code: 0, stdout: expect.stringMatching(/^ready: http.*\/readyz\n$/), stderr: '' }
    expect(await run(['healthcheck', '--url', `${url}/`])).toEqual(ready)
    const text = `server: { port: ${port}, base_path: /auth }`
    expect(await run(['healthcheck'], { cwd: folder(), env: { IDP_DOUBLE_CONFIG: text } })).toEqual(ready)
    expect(await run(['healthcheck'], place(text))).toEqual(ready)
    const env = { IDP_DOUBLE_CONFIG: 'server: { base_path: /auth }', IDP_DOUBLE_PORT: port }
    expect(await run(['healthcheck'], { cwd: folder(), env })).toEqual(ready)
    await idp.stop()
    const gone = await run(['healthcheck', '--url', url])
    expect(gone).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^not ready: .*nothing listens there\n$/),
    })
  })

  it('takes nobody else for a provider, and no provider for port 0', async () => {
    const other = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1')
    await new Promise((done) => other.once('listening', done))
    const { port } = other.address() as { port: number }
    const found = await run(['healthcheck'], { cwd: folder(), env: { IDP_DOUBLE_PORT: String(port) } })
    other.close()
    expect(found.code).toBe(1)
    expect(found.stderr).toContain('is not answered by idp-double')
    expect((await run(['healthcheck'], { cwd: folder(), env: { IDP_DOUBLE_PORT: '0' } })).code).toBe(1)
  })
})
