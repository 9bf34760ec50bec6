import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

const CONFIG = `
server: { port: 0, state_dir: state, tls: { client_ca: auto } }
tenants:
  one: { clients: [{ client_id: orders, client_secret: s3cret }] }
  two:
    clients:
      - client_id: partner
        client_secret: s3cret
        tls_client_auth_subject_dn: CN=Partner,O=Example,C=NO
`

const place = (text = CONFIG) => ({ cwd: folder({ 'idp-double.yaml': text }) })
const mode = (path: string) => statSync(path).mode & 0o777

describe('idp-double ca', () => {
  it('prints the CA of the state directory, and makes it where there is none yet', async () => {
    const here = place()
    const { code, stdout } = await run(['ca'], here)
    expect(code).toBe(0)
    expect(new X509Certificate(stdout).ca).toBe(true)
    expect(readFileSync(join(here.cwd, 'state', 'ca.pem'), 'utf8')).toBe(stdout)
    expect(await run(['ca'], here)).toEqual({ code: 0, stdout, stderr: '' })
  })

  it('is that of the provider which is started there', async () => {
    const here = place()
    const { stdout: ca } = await run(['ca', '-c', 'idp-double.yaml'], here)
    await using idp = start(['--log', 'json'], here)
    const [line] = await idp.says(/^\{"event":"ready".*\}$/m)
    const { ca_url, ca_file, url, https_url } = JSON.parse(line) as Record<string, string>
    expect(ca_url).toBe(`${url}/_mock/ca.pem`)
    expect(await (await fetch(ca_url as string)).text()).toBe(ca)
    expect(readFileSync(ca_file as string, 'utf8')).toBe(ca)
    expect(https_url).toMatch(/^https:\/\/localhost:\d+$/)
  })

  it('writes a file for --out', async () => {
    const here = place()
    const { code, stdout } = await run(['ca', '--out', 'ca.pem'], here)
    const file = join(here.cwd, 'ca.pem')
    expect([code, stdout.endsWith('/ca.pem is written\n'), mode(file)]).toEqual([0, true, 0o644])
    expect(readFileSync(file, 'utf8')).toBe((await run(['ca'], here)).stdout)
  })

  it('says where it cannot write', async () => {
    const { code, stderr } = await run(['ca', '--out', 'no/such/folder.pem'], place())
    expect([code, stderr]).toEqual([1, expect.stringMatching(/folder\.pem cannot be written \(ENOENT\)\n$/)])
  })

  it.each(['', '--tls'])(
    'without a state directory asks the provider that runs, here serve %s',
    async (flag) => {
      await using idp = start(['--port', '0', ...(flag === '' ? [] : [flag]), '--log', 'json'])
      const [line] = await idp.says(/^\{"event":"ready".*\}$/m)
      const { port } = JSON.parse(line) as { port: number }
      const env = { IDP_DOUBLE_PORT: String(port) }
      const asked = await run(['ca'], { cwd: folder(), env })
      if (flag === '--tls') {
        expect(asked).toMatchObject({ code: 0, stderr: '' })
        expect(new X509Certificate(asked.stdout).ca).toBe(true)
      } else {
        expect(asked).toMatchObject({ code: 1, stdout: '' })
        expect(asked.stderr).toMatch(/has no CA of its own; start it with --tls, or: .*state_dir/)
      }
    },
  )

  it('asks over https where only that is served', async () => {
    const config = 'server: { port: null, tls: { port: 0 } }'
    await using idp = start(['--quiet'], place(config))
    const port = new URL((await idp.says(/ready: (\S+)/))[1] as string).port
    const here = place(config.replace('port: 0', `port: ${port}`))
    expect(await run(['ca'], here)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^-----BEGIN CERT/),
    })
  })

  it('says what to do where nothing runs, or nobody knows where', async () => {
    const nowhere = await run(['ca'], place('server: { port: 0 }'))
    expect(nowhere).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/port is 0.*state_dir/),
    })
    // Nothing listens at the port of a provider that has stopped.
    await using idp = start(['--quiet', '--port', '0'])
    const port = new URL((await idp.says(/ready: (\S+)/))[1] as string).port
    await idp.stop()
    const gone = await run(['ca'], { cwd: folder(), env: { IDP_DOUBLE_PORT: port } })
    expect(gone).toMatchObject({ code: 1, stdout: '' })
    expect(gone.stderr).toMatch(
      /nothing listens there; start it with idp-double serve --tls, or: .*state_dir/,
    )
  })
})

describe('idp-double ca --issue', () => {
  it('gives a client its certificate and key, with the names that it registered', async () => {
    const here = place()
    const { code } = await run(['ca', '--issue', 'partner', '--out', 'partner.pem'], here)
    const file = join(here.cwd, 'partner.pem')
    expect([code, mode(file)]).toEqual([0, 0o600])
    const pem = readFileSync(file, 'utf8')
    const certificate = new X509Certificate(pem)
    expect(certificate.subject).toBe('C=NO\nO=Example\nCN=Partner')
    expect(certificate.checkPrivateKey(createPrivateKey(pem))).toBe(true)
    const ca = new X509Certificate((await run(['ca'], here)).stdout)
    expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true)
  })

  it("makes a file its owner's alone that was everybody's", async () => {
    const here = { cwd: folder({ 'idp-double.yaml': CONFIG, 'partner.pem': 'of before' }) }
    const file = join(here.cwd, 'partner.pem')
    chmodSync(file, 0o666)
    expect((await run(['ca', '--issue', 'partner', '--out', 'partner.pem'], here)).code).toBe(0)
    expect([mode(file), readFileSync(file, 'utf8').slice(0, 11)]).toEqual([0o600, '-----BEGIN '])
  })

  it('names a client that registered no name by its client_id', async () => {
    const { stdout } = await run(['ca', '--issue', 'orders'], place())
    expect(new X509Certificate(stdout).subject).toBe('CN=orders')
  })

  it('is refused for a client that is not declared, and without a state directory', async () => {
    const unknown = await run(['ca', '--issue', 'nobody'], place())
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toMatch(/there is no client nobody; configured: orders or partner\n/)
    const here = place('clients: [{ client_id: orders, client_secret: s3cret }]')
    const unkept = await run(['ca', '--issue', 'orders'], here)
    expect(unkept).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/needs server\.state_dir/),
    })
    expect(existsSync(join(here.cwd, 'state'))).toBe(false)
  })
})
