import { createServer as createSecureServer } from 'node:https'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeAuthority } from '../../src/tls/authority.ts'
import { serverCertificate } from '../../src/tls/server_certificate.ts'
import { run } from '../support/cli.ts'
import { command, doctor, listening, passingTo } from '../support/doctor.ts'
import { folder } from '../support/folder.ts'

const DIALECTS = ['standard', 'keycloak@26', 'keycloak@16', 'keycloak@9', 'buypass', 'trivore'] as const

/** A server over https for these names, and the file of its CA. */
async function secured(names: readonly string[], answer: Parameters<typeof listening>[0]) {
  const authority = await makeAuthority()
  const { cert, key } = await serverCertificate([...names], authority)
  const server = await listening(answer, (listener) => createSecureServer({ cert, key }, listener))
  return { ...server, ca: `${folder({ 'ca.pem': authority.cert })}/ca.pem` }
}

describe('idp-double doctor, of our own provider', () => {
  it.each(DIALECTS)('finds nothing wrong with %s', async (dialect) => {
    await using idp = await startIdp({ dialect, users: [{ username: 'alice' }] })
    const { code, failed, warned } = await doctor(idp.issuer)
    expect({ code, failed, warned }).toEqual({
      code: 0,
      failed: [],
      warned: [expect.stringMatching(/^url: it is http, /)],
    })
  })

  it('finds nothing wrong with entra over https, and tells MSAL what it needs', async () => {
    await using idp = await startIdp({ dialect: 'entra', server: { tls: {} } })
    const { code, failed, warned, informed } = await doctor(idp.issuer, '--ca', idp.caFile ?? '')
    expect({ code, failed, warned }).toEqual({ code: 0, failed: [], warned: [] })
    expect(informed.join('\n')).toContain(`knownAuthorities: ['${new URL(idp.issuer).host}']`)
  })

  it('says of entra over http that MSAL refuses it, and the line that serves https', async () => {
    await using idp = await startIdp({ dialect: 'entra' })
    const { code, failed, change_first } = await doctor(idp.issuer)
    expect({ code, failed }).toEqual({
      code: 1,
      failed: [expect.stringMatching(/^msal: .*authority_uri_insecure/)],
    })
    expect(change_first).toContain('server: { tls: { certificate: auto } }')
  })

  it('prints a line for each check and the one thing to change first', async () => {
    await using idp = await startIdp()
    const { code, stdout } = await command(`${idp.issuer}/`)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ok +connection +answers in \d+ ms$/m)
    expect(stdout).toMatch(/^FAIL +issuer +the metadata says .* differ in a slash at the end/m)
    expect(stdout).toMatch(/^ +-> give the client the issuer http:\/\/localhost:\d+$/m)
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      '1 wrong, 1 warning',
      `change first: give the client the issuer ${idp.issuer}`,
    ])
  })

  it('takes a slash that belongs to the issuer', async () => {
    await using proxy = await listening(passingTo(() => target))
    await using idp = await startIdp({ issuer: { url: `${proxy.url}/` } })
    const target = idp.url
    expect((await doctor(`${proxy.url}/`)).failed).toEqual([])
    expect((await doctor(proxy.url)).change_first).toBe(`give the client the issuer ${proxy.url}/`)
  })

  it('knows a discovery URL that was pasted, and checks the issuer inside it', async () => {
    await using idp = await startIdp({ dialect: 'keycloak@26' })
    for (const pasted of [
      `${idp.issuer}/.well-known/openid-configuration`,
      `${new URL(idp.issuer).origin}/.well-known/oauth-authorization-server/realms/default`,
    ]) {
      const { failed, change_first } = await doctor(pasted)
      expect(failed).toEqual([expect.stringContaining('is the URL of the metadata, not the issuer')])
      expect(change_first).toBe(`give the client the issuer: ${idp.issuer}`)
    }
  })

  it('names the issuer of the provider where that is found from here too', async () => {
    await using idp = await startIdp()
    const { failed, change_first } = await doctor(idp.issuer.replace('localhost', '127.0.0.1'))
    expect(failed).toEqual([expect.stringMatching(/^issuer: .* differ in host or port/)])
    expect(change_first).toBe(`give the client the issuer ${idp.issuer}`)
  })

  it('names the setting of the provider where its issuer is not found from here, and the setting helps', async () => {
    const url = 'http://localhost:1'
    await using idp = await startIdp({ issuer: { url } })
    const { failed, change_first } = await doctor(idp.url)
    expect(failed).toEqual([expect.stringMatching(/^issuer: the metadata says http:\/\/localhost:1, /)])
    expect(change_first).toBe("in the provider's configuration: issuer: { mode: request }")
    await using changed = await startIdp({ issuer: { url, mode: 'request' } })
    expect((await doctor(changed.url)).failed).toEqual([])
  })

  it('knows a proxy that cuts a prefix off, and the setting helps', async () => {
    let target = ''
    await using proxy = await listening(passingTo(() => target, '/sso'))
    const dialect = 'keycloak@26'
    await using idp = await startIdp({ dialect, issuer: { mode: 'request' } })
    target = idp.url
    const issuer = `${proxy.url}/sso/realms/default`
    const { failed, change_first } = await doctor(issuer)
    expect(failed[0]).toMatch(/^issuer: .* differ in the path/)
    expect(change_first).toBe(`in the provider's configuration: issuer: { url: ${proxy.url}/sso }`)
    await using changed = await startIdp({ dialect, issuer: { url: `${proxy.url}/sso` } })
    target = changed.url
    expect((await doctor(issuer)).failed).toEqual([])
  })

  it('knows a proxy that ends TLS, and the setting helps', async () => {
    let target = ''
    await using proxy = await secured(
      ['localhost'],
      passingTo(() => target),
    )
    await using idp = await startIdp({ issuer: { mode: 'request' } })
    target = idp.url
    const { failed, change_first } = await doctor(proxy.url, '--ca', proxy.ca)
    expect(failed[0]).toMatch(/^issuer: .* differ in the scheme/)
    expect(failed[1]).toMatch(/^places: .*clients refuse http below an https issuer/)
    expect(change_first).toBe(`in the provider's configuration: issuer: { url: ${proxy.url} }`)
    await using changed = await startIdp({ issuer: { url: proxy.url } })
    target = changed.url
    expect((await doctor(proxy.url, '--ca', proxy.ca)).failed).toEqual([])
  })

  it('looks for the path where the provider has another base', async () => {
    await using idp = await startIdp({ server: { base_path: '/auth' } })
    const { failed, change_first } = await doctor(new URL(idp.url).origin)
    expect(failed).toEqual([expect.stringMatching(/^metadata: .* answers 404/)])
    expect(change_first).toContain('check the path')
    expect((await doctor(idp.issuer)).failed).toEqual([])
  })
})

describe('idp-double doctor, of the connection', () => {
  it('says how to trust the CA of the provider, and checks the rest all the same', async () => {
    await using idp = await startIdp({ server: { port: null, tls: {} } })
    const { code, failed, checks, change_first } = await doctor(idp.issuer)
    expect({ code, failed }).toEqual({
      code: 1,
      failed: [expect.stringMatching(/^certificate: no CA that is trusted here issued it/)],
    })
    expect(checks).toContainEqual({ check: 'issuer', level: 'ok', text: `${idp.issuer}, byte for byte` })
    expect(change_first).toMatch(
      /curl -sko ca\.pem https:\S+\/_mock\/ca\.pem, then NODE_EXTRA_CA_CERTS=ca\.pem/,
    )
    expect((await doctor(idp.issuer, '--ca', idp.caFile ?? '')).failed).toEqual([])
  })

  it('tells a certificate for another name from one that nobody trusts', async () => {
    await using other = await secured(['idp.example.test'], (_, response) => response.end('{}'))
    const { failed } = await doctor(other.url, '--ca', other.ca)
    expect(failed[0]).toBe('certificate: it is for idp.example.test, not for localhost')
    const both = await doctor(other.url)
    expect(both.failed.slice(0, 2)).toEqual([
      expect.stringContaining('no CA that is trusted here'),
      'certificate: it is for idp.example.test, not for localhost',
    ])
  })

  it.each([
    ['http', 'https'],
    ['https', 'http'],
  ])('knows %s where %s was expected', async (served, given) => {
    await using idp = await startIdp({ server: served === 'https' ? { port: null, tls: {} } : {} })
    const { failed, change_first } = await doctor(idp.url.replace(/^https?/, given))
    expect(failed).toEqual([
      expect.stringMatching(new RegExp(`^connection: the port \\d+ speaks ${served}, not ${given}$`)),
    ])
    expect(change_first).toContain(`give the client ${served}:`)
  })

  it('names host and port where nothing listens, and what localhost is in a container', async () => {
    const { code, failed, change_first } = await doctor('http://localhost:1')
    expect({ code, failed }).toEqual({
      code: 1,
      failed: ['connection: nothing listens on localhost, port 1'],
    })
    expect(change_first).toContain('localhost is the container itself')
  })

  it('says that a host gives no answer', async () => {
    await using silent = await listening(() => undefined)
    const { failed } = await doctor(silent.url, '--timeout', '1s')
    expect(failed).toEqual([`connection: localhost, port ${silent.port}, gives no whole answer in time`])
  })

  it.each([
    ['localhost:8080', 'give the client the issuer with its scheme: http://localhost:8080'],
    ['my issuer', 'give the client the issuer, a URL such as http://localhost:8080'],
    ['ftp://localhost', 'give the client the issuer, a URL such as http://localhost:8080'],
  ])('knows that %s is no issuer', async (given, change) => {
    const { code, failed, change_first } = await doctor(given)
    expect({ code, failed: failed.length, change_first }).toEqual({
      code: 1,
      failed: 1,
      change_first: change,
    })
  })

  it.each([
    ['?a=b', 'a query or a fragment'],
    ['#', 'a query or a fragment'],
  ])('refuses an issuer with %s', async (more, text) => {
    await using idp = await startIdp()
    const { failed } = await doctor(`${idp.issuer}${more}`)
    expect(failed[0]).toContain(text)
  })
})

describe('idp-double doctor, the command', () => {
  it.each([
    [[], 'doctor needs the issuer'],
    [['http://localhost:1', '--timeout', 'soon'], '--timeout: "soon" is no duration'],
    [['http://localhost:1', '--timeout', '0'], '--timeout is 0, expected 1s to 10m'],
    [['http://localhost:1', '--ca', 'gone.pem'], '--ca gone.pem: there is no such file'],
  ])('teaches who mistypes, with exit code 2: %j', async (args, message) => {
    const { code, stdout, stderr } = await command(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('is there in the built package, and trusts what Node.js is told to trust', async () => {
    await using idp = await startIdp({ server: { port: null, tls: {} } })
    const env = { NODE_EXTRA_CA_CERTS: idp.caFile ?? '' }
    const { code, stdout, stderr } = await run(['doctor', idp.issuer], { cwd: folder(), env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ok +certificate +trusted here, for localhost, /m)
    expect(stdout).toMatch(/^nothing is wrong, 0 warnings$/m)
  })
})
