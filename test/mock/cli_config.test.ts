import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { run, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

const CONFIG = `
server: { port: 0 }
clients:
  - { client_id: batch, client_secret: s3cret-of-batch }
`

describe('listening', () => {
  it('is refused in one line and with exit code 3 when the port is in use', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    const { code, stdout, stderr } = await run(['--port', String(port)])
    other.close()
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`^idp-double: port ${port} on 127\\.0\\.0\\.1 is in use.*--port \\(0 .*\\n$`),
    )
  })

  it('is refused in one line when the address is not one of this machine', async () => {
    const { code, stderr } = await run(['--port', '0', '--host', '192.0.2.1'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/^idp-double: 192\.0\.2\.1 is not an address of this machine.*\n$/)
  })

  it('takes the place that options name, then the environment, then the file', async () => {
    const cwd = folder({ 'idp-double.yaml': 'issuer: { url: "http://of.file" }\nserver: { port: 0 }' })
    const env = { IDP_DOUBLE_ISSUER: 'http://of.environment' }
    for (const [args, place, issuer] of [
      [['--issuer', 'http://of.option'], { cwd, env }, 'http://of.option'],
      [[], { cwd, env }, 'http://of.environment'],
      [[], { cwd }, 'http://of.file'],
      [
        ['--port', '0'],
        { cwd: folder(), env: { IDP_DOUBLE_CONFIG: 'issuer: { url: "http://of.inline" }' } },
        'http://of.inline',
      ],
    ] as const) {
      await using idp = start([...args, '--quiet'], place)
      expect((await idp.says(/ready: (\S+)/))[1]).toBe(issuer)
    }
  })

  it('says when a variable stands above -c', async () => {
    const cwd = folder({ 'other.yaml': CONFIG })
    const env = { IDP_DOUBLE_CONFIG: 'server: { port: 0 }' }
    await using idp = start(['-c', 'other.yaml', '--quiet'], { cwd, env })
    await idp.says(/^warning: IDP_DOUBLE_CONFIG stands above --config other\.yaml/, 'stderr')
  })
})

describe('a configuration that cannot be used', () => {
  it.each([
    ['clents: []', 'idp-double.yaml:1:1 clents: unknown key; did you mean clients?'],
    ['clients:\n  - client_id: a\n    grant_types: [x]', 'idp-double.yaml:3:19 clients[0].grant_types[0]: '],
  ])('ends the start with exit code 2 and its place: %j', async (text, message) => {
    const { code, stdout, stderr } = await run([], { cwd: folder({ 'idp-double.yaml': text }) })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it.each([
    [{ keys: [{ jwk: { kty: 'RSA' } }] }, 'keys[0]: '],
    [{ server: { port: 0, state_dir: '/dev/null/state' } }, '/dev/null/state/keys.json: '],
  ])('ends the start with exit code 2 for a key too: %j', async (config, message) => {
    const { code, stderr } = await run([], { cwd: folder({ 'idp-double.json': JSON.stringify(config) }) })
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })
})
