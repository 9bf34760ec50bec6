/** Certificates for what runs beside the provider: an emulator of a cloud takes tokens over https only, too. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { place, run } from '../support/cli.ts'
import { fetchWith } from '../support/tls.ts'

const KEPT = 'server: { tls: {}, state_dir: ./state }'

describe('idp-double ca --server', () => {
  it('writes a certificate and its key that a server can use, for those who trust the CA', async () => {
    const at = place(KEPT)
    const out = ['--out', 'azurite.pem']
    const made = await run(['ca', '--server', 'localhost, azurite,127.0.0.1', ...out], at)
    expect(made).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/azurite\.pem is written\n$/),
    })
    const file = join(at.cwd, 'azurite.pem')
    expect(statSync(file).mode & 0o077).toBe(0)
    const pem = readFileSync(file, 'utf8')
    const { stdout: ca } = await run(['ca'], at)
    const names = new X509Certificate(pem).subjectAltName?.split(', ')
    expect(names).toEqual(['DNS:localhost', 'DNS:azurite', 'IP Address:127.0.0.1'])

    const server = createServer({ cert: pem, key: pem }, (_request, response) => response.end('here'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(await (await fetchWith({ ca })(`https://localhost:${port}/`)).text()).toBe('here')
    const { stdout: another } = await run(['ca'], place(KEPT))
    await expect(fetchWith({ ca: another })(`https://localhost:${port}/`)).rejects.toThrow()
  })

  it('prints both without --out', async () => {
    const { stdout } = await run(['ca', '--server', 'azurite'], place(KEPT))
    const labels = [...stdout.matchAll(/-----BEGIN ([A-Z ]+)-----/g)].map(([, label]) => label)
    expect(labels).toEqual(['CERTIFICATE', 'CERTIFICATE', 'PRIVATE KEY'])
  })

  it.each([
    [['--server', 'azurite,a b'], KEPT, 2, '--server has "a b", expected host names or IP addresses'],
    [['--server', 'a', '--issue', 'b'], KEPT, 2, 'give one of them'],
    [['--server', 'azurite'], 'server: { tls: {} }', 1, '--server needs server.state_dir'],
  ])('says what is wrong with %j', async (args, text, code, message) => {
    const outcome = await run(['ca', ...args], place(text))
    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
  })
})
