import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { BANNER, run, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { decode } from '../support/http.ts'

const place = (text: string) => ({ cwd: folder({ 'idp-double.yaml': text }) })
/** In a shell that trusts what the system does, whatever this one was told. */
const shell = async (script: string) =>
  (await promisify(execFile)('bash', ['-c', script], { env: { PATH: process.env['PATH'] } })).stdout

const portOf = (url: string) => new URL(url).port

/** A port that somebody else listens on. */
async function taken() {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

describe('idp-double serve --tls', () => {
  it('serves https beside http, and prints lines with which others trust it', async () => {
    const here = { cwd: folder() }
    await using idp = start(['--tls', '--port', '0'], here)
    await idp.says(BANNER)
    const banner = idp.texts.stdout
    const https = /^ {2}https +(\S+)$/m.exec(banner)?.[1] as string
    const lines =
      /\nits CA\n((?: {2}.*\n)+)/
        .exec(banner)?.[1]
        ?.split('\n')
        .map((line) => line.trim()) ?? []
    expect(lines.filter((line) => line !== '')).toHaveLength(4)
    const [download, trust] = lines as [string, string]
    const script = `cd ${here.cwd} && ${download} && ${trust} && curl -s ${https}/healthz`
    expect(JSON.parse(await shell(script))).toEqual({ status: 'ok' })
    const fetching = `fetch('${https}/healthz').then((answer) => console.log(answer.status))`
    expect(await shell(`cd ${here.cwd} && ${trust} && ${process.execPath} -e "${fetching}"`)).toBe('200\n')
  })

  it('shows the file where the CA is kept', async () => {
    await using idp = start(['--tls', '--port', '0'], place("server: { state_dir: 'the state' }"))
    await idp.says(/keytool.*\n/)
    const trust = /^ {2}(export NODE_EXTRA.*)$/m.exec(idp.texts.stdout)?.[1]
    expect(idp.texts.stdout).not.toMatch(/curl -s\w*o ca\.pem/)
    expect(await shell(`${trust} && head -1 "$SSL_CERT_FILE"`)).toBe('-----BEGIN CERTIFICATE-----\n')
  })

  it('leaves what is configured for https as it is', async () => {
    await using used = await taken()
    const config = `server: { port: 0, tls: { port: ${used.port}, names: [idp.test] } }`
    const { stdout } = await run(['--tls', '--print-config'], place(config))
    expect(stdout).toMatch(new RegExp(`tls:\\n +port: ${used.port}\\n`))
    expect(stdout).toMatch(/- idp\.test\n/)
  })

  it('listens at 8443 where http has a port of its own', async () => {
    const { stdout } = await run(['--tls', '--print-config', '--port', '8081'])
    expect(stdout).toMatch(/port: 8081\n[\s\S]*tls:\n +port: 8443\n +certificate: auto\n/)
  })

  it('warns where others can see the provider, of both ports', async () => {
    await using idp = start(['--tls', '--port', '0', '--host', '0.0.0.0'])
    const [warning] = await idp.says(/^warning: listening on 0\.0\.0\.0: .*\n/, 'stderr')
    const outside = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
    for (const { address, internal, family } of outside) {
      if (internal || family !== 'IPv4') continue
      expect(warning).toMatch(new RegExp(`http://${address}:\\d+, https://${address}:\\d+`))
    }
  })

  it('says nothing of https without it', async () => {
    await using idp = start(['--port', '0'])
    await idp.says(BANNER)
    expect(idp.texts.stdout).not.toMatch(/https:|its CA/)
  })
})

describe('a port of https that is in use', () => {
  it('is one line that names it and the key that changes it', async () => {
    await using used = await taken()
    const { code, stdout, stderr } = await run([], place(`server: { port: 0, tls: { port: ${used.port} } }`))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toBe(
      `idp-double: port ${used.port} on 127.0.0.1 is in use; stop what listens there (another idp-double?), or choose another with server.tls.port (0 takes any free one)\n`,
    )
  })
})

describe('one port for http and https', () => {
  it('is refused with what to change, where a flag makes it one', async () => {
    await using used = await taken()
    await used[Symbol.asyncDispose]()
    const config = `server: { tls: { port: ${used.port} } }`
    const { code, stderr } = await run(['--port', String(used.port)], place(config))
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /^idp-double: http and https cannot both be at port \d+; .*--port.*server\.tls\.port\n$/,
    )
  })
})

describe('a configuration that only flags complete', () => {
  const nothing = 'server: { port: null }'
  const certificate = `
clients:
  - client_id: partner
    grant_types: [client_credentials]
    token_endpoint_auth_method: self_signed_tls_client_auth
    jwks_uri: https://partner.test/jwks
    audience: https://api.test
`

  it.each([
    ['--tls', nothing, 'port: null', 'tls:\n    port: 8443'],
    ['--port 0', nothing, 'port: 0', 'state_dir'],
    ['--port 1', 'server: { tls: { port: 8080 } }', 'port: 1', 'tls:\n    port: 8080'],
    ['--tls', certificate, 'port: 8080', 'tls:\n    port: 8443'],
  ])('is served with %s: %j', async (flags, text, ...lines) => {
    const args = ['serve', '--print-config', ...flags.split(' ')]
    const { code, stdout, stderr } = await run(args, place(text))
    expect([code, stderr]).toEqual([0, ''])
    for (const line of lines) expect(stdout).toContain(`\n  ${line}`)
  })

  it('is served with a variable as with a flag', async () => {
    const here = { ...place(nothing), env: { IDP_DOUBLE_PORT: '7' } }
    expect((await run(['--print-config'], here)).stdout).toContain('\n  port: 7\n')
  })

  it('is a problem where they are missing, for validate too', async () => {
    for (const command of ['serve', 'validate']) {
      for (const text of [nothing, certificate])
        expect(await run([command], place(text))).toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/tls/),
        })
    }
  })

  it('is good enough for commands that serve nothing', async () => {
    const here = place(`server: { state_dir: state, port: null }\n${certificate}`)
    const { stdout: token } = await run(['token', '--client', 'partner'], here)
    expect(decode(token).claims['iss']).toBe('https://localhost:8443')
    for (const args of [['explain', '--client', 'partner'], ['ca']])
      expect([args, await run(args, here)]).toMatchObject([args, { code: 0, stderr: '' }])
    const issued = await run(['ca', '--issue', 'partner'], here)
    expect(issued).toMatchObject({ code: 0, stdout: expect.stringMatching(/^-----BEGIN CERT/) })
  })

  it('lets healthcheck find what serves it', async () => {
    await using idp = start(['--quiet', '--tls', '--port', '0'], place(certificate))
    const port = portOf((await idp.says(/ready: (\S+)/))[1] as string)
    const checked = await run(['healthcheck'], { ...place(certificate), env: { IDP_DOUBLE_PORT: port } })
    expect(checked).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('certificate files that cannot be used', () => {
  const config = 'server: { port: 0, tls: { certificate: { cert_file: c.pem, key_file: k.pem } } }'

  it('end the start with one line and exit code 2, also for validate', async () => {
    const here = { cwd: folder({ 'idp-double.yaml': config, 'c.pem': 'x', 'k.pem': 'x' }) }
    const line = /^server\.tls\.certificate\.cert_file: not PEM, expected a certificate[^\n]*\n$/
    for (const args of [['serve'], ['validate']]) {
      expect(await run(args, here)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(line),
      })
    }
  })

  it('are problems at their line and column where they cannot be read', async () => {
    const { code, stderr } = await run(['validate'], place(config))
    expect(code).toBe(2)
    expect(stderr).toMatch(/idp-double\.yaml:1:53 .*c\.pem: there is no such file/)
    expect(stderr).toMatch(/idp-double\.yaml:1:70 .*k\.pem: there is no such file/)
  })

  it('are a problem at line and column where nothing is served', async () => {
    const { code, stderr } = await run(['validate'], place('server: { port: null }'))
    expect([code, stderr]).toEqual([2, expect.stringMatching(/idp-double\.yaml:1:17 .*nothing is served/)])
  })
})

describe('idp-double healthcheck over https', () => {
  it('finds a provider that serves nothing else, whoever signed its certificate', async () => {
    const config = 'server: { port: null, tls: { port: 0 } }'
    await using idp = start(['--quiet'], place(config))
    const url = (await idp.says(/ready: (\S+)/))[1] as string
    const ready = { code: 0, stdout: expect.stringMatching(/^ready: https:.*\/readyz\n$/), stderr: '' }
    expect(await run(['healthcheck', '--url', url])).toEqual(ready)
    expect(await run(['healthcheck'], place(config.replace('port: 0', `port: ${portOf(url)}`)))).toEqual(
      ready,
    )
    const wrong = await run(['healthcheck', '--url', url.replace('https:', 'http:')])
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/answers 400\n$/) })
  })

  it('is not fooled by what speaks no TLS', async () => {
    await using idp = start(['--quiet', '--port', '0'])
    const url = (await idp.says(/ready: (\S+)/))[1] as string
    const { code, stderr } = await run(['healthcheck', '--url', url.replace('http:', 'https:')])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/speaks no https\n$/)])
  })
})
