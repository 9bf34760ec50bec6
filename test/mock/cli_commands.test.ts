import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { exportJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { CONFIG, place, run } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

const root = resolve(import.meta.dirname, '../..')

describe('idp-double', () => {
  it('says its version, which is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('lists its commands, and each has help of its own', async () => {
    const { stdout } = await run(['--help'])
    expect(await run(['help'])).toEqual({ code: 0, stdout, stderr: '' })
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? '')
    expect(commands).toEqual([
      'ca',
      'doctor',
      'explain',
      'healthcheck',
      'init',
      'schema',
      'serve',
      'token',
      'validate',
      'help',
    ])
    for (const command of commands.slice(0, -1)) {
      const help = await run(['help', command])
      expect(help.stdout).toMatch(new RegExp(`^usage: idp-double ${command}`))
      expect(await run([command, '-h'])).toEqual(help)
    }
  })

  it.each([
    [['serv'], 'there is no command serv; did you mean serve?'],
    [['help', 'tokn'], 'there is no command tokn; did you mean token?'],
    [['my.yaml'], 'there is no command my.yaml; a configuration is given with -c my.yaml'],
    [['--prot', '1'], 'serve has no option --prot; did you mean --port?'],
    [['token', '--tls'], 'token has no option --tls'],
    [['serve', '--port'], "Option '--port <value>' argument missing"],
    [['serve', '--log', 'xml'], '--log is xml, expected text or json'],
    [['serve', 'now'], 'serve does not take the argument now'],
    [['validate', 'a', 'b'], 'validate does not take the argument b'],
    [
      ['-c', 'x', 'validate'],
      'does not take the argument validate; a command comes first: idp-double validate',
    ],
    [['explain'], 'explain needs --client'],
    [['--port', '99999'], '--port: expected a port from 0 to 65535'],
    [['healthcheck', '--url', 'idp:8080'], '--url is idp:8080, expected an http or https URL'],
  ])('teaches who mistypes, with exit code 2: %j', async (args, message) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('shows faults of its own in one line, and their stack only on demand', async () => {
    const cwd = folder({
      'hook.cjs': `require('node:os').networkInterfaces = () => { throw new TypeError('no use') }`,
    })
    const env = { NODE_OPTIONS: `--require=${join(cwd, 'hook.cjs')}` }
    const args = ['serve', '--port', '0', '--host', '0.0.0.0']
    const { code, stderr } = await run(args, { cwd, env })
    expect(code).toBe(1)
    expect(stderr).toBe('idp-double: unexpected fault: no use\nrun with IDP_DOUBLE_DEBUG=1 for the stack\n')
    const loud = await run(args, { cwd, env: { ...env, IDP_DOUBLE_DEBUG: '1' } })
    expect(loud.stderr).toMatch(/TypeError: no use\n {4}at /)
  })
})

describe('idp-double validate', () => {
  it('counts what is declared', async () => {
    const { code, stdout } = await run(['validate', 'idp-double.yaml'], place())
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'idp-double.yaml is valid: 1 tenant, 2 clients, 2 resources\n',
    })
    expect((await run(['validate'], place())).stdout).toBe(stdout)
    expect((await run(['validate'])).stdout).toContain('the built-in demo is valid')
  })

  it('lists every problem with its place', async () => {
    const text = 'clients:\n  - client_id: a\n    grant_type: [x]\nresources: [{}]\n'
    const { code, stdout, stderr } = await run(['validate', 'x.yaml'], { cwd: folder({ 'x.yaml': text }) })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^x\.yaml:3:5 clients\[0\]\.grant_type: unknown key; did you mean grant_types\?/m)
    expect(stderr).toMatch(/^x\.yaml:4:13 resources\[0\]/m)
  })

  it('lists every key that cannot be used', async () => {
    const text = 'keys: [{ jwk: { kty: RSA } }, { jwk: { kty: EC } }]'
    const { code, stderr } = await run(['validate'], place(text))
    expect(code).toBe(2)
    expect(stderr).toMatch(/^keys\[0\]: .*\nkeys\[1\]: .*\n$/)
  })

  it('looks at the file that is named, whatever the environment says', async () => {
    const env = { IDP_DOUBLE_CONFIG: 'broken: [' }
    expect((await run(['validate', 'idp-double.yaml'], { ...place(), env })).code).toBe(0)
    expect((await run(['validate'], { ...place(), env })).code).toBe(2)
    const gone = await run(['validate', 'gone.yaml'], place())
    expect(gone).toMatchObject({ code: 2, stdout: '' })
    expect(gone.stderr).toMatch(/^gone\.yaml: cannot read .*gone\.yaml: there is no such file\n$/)
  })
})

describe('idp-double schema', () => {
  it('prints the schema that the package ships', async () => {
    const { code, stdout, stderr } = await run(['schema'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(root, 'dist/schema.json'), 'utf8')))
    expect(JSON.parse(stdout).properties).toHaveProperty('clients')
  })
})

describe('idp-double serve --print-config', () => {
  it('prints what was understood, with secrets masked', async () => {
    const jwk = await exportJWK(generateKeyPairSync('ed25519').privateKey)
    const text = `${CONFIG}\nkeys: [{ jwk: ${JSON.stringify(jwk)} }]\nstrictness: { default: strict, scope: lax }\n`
    const { code, stdout, stderr } = await run(['--print-config', '--port', '1234'], place(text))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toContain('s3cret-of')
    expect(stdout).not.toContain(jwk.d)
    expect(parse(stdout)).toMatchObject({
      server: { port: 1234, host: '127.0.0.1' },
      lifetimes: { access_token: 1200 },
      strictness: { default: 'strict', scope: 'lax' },
      keys: [{ jwk: { ...jwk, d: '***' }, status: 'active' }],
      clients: [{ client_id: 'batch', secrets: ['***'], scope: 'read' }, { client_id: 'idle' }],
    })
  })

  it('prints tenants by name, and the demo', async () => {
    const text =
      'tenants: { a: { dialect: entra, clients: [{ client_id: x, client_secret: s3cret-of-x }] }, b: {} }'
    const { stdout } = await run(['--print-config'], place(text))
    expect(parse(stdout).tenants).toMatchObject({
      a: { dialect: 'entra', clients: [{ secrets: ['***'] }] },
      b: {},
    })
    const demo = parse((await run(['--print-config'])).stdout)
    expect(demo.clients).toMatchObject([
      { client_id: 'orders-batch', secrets: ['***'] },
      { client_id: 'web', grant_types: ['authorization_code', 'refresh_token'] },
    ])
  })
})
