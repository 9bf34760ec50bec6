/** A provider that was stopped leaves nothing: no handle, no file descriptor, no memory. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fileWith } from '../support/folder.ts'

const ENTRY = JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href)

/** What a suite does with a provider. */
const USE = `
  const config = { clients: [{ client_id: 'orders', client_secret: 's3cret' }], users: [{ username: 'alice' }] }
  // Not by fetch, which remembers every origin that it ever called.
  const get = (url) => new Promise((resolve, reject) =>
    http.get(url, { agent: false }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode))).on('error', reject))
  async function use(idp) {
    const status = await get(idp.issuer + '/jwks.json')
    if (status !== 200) throw new Error('answered ' + status)
    await idp.token({ client: 'orders' })
    await idp.clock.advance('1h')
    const box = await idp.sandbox()
    await box.requests()
    await box.stop()
  }
`

async function run(args: readonly string[], program: string, timeout: number): Promise<string> {
  const file = fileWith('program.test.mjs', program)
  const env = { PATH: process.env['PATH'] }
  const { stdout } = await promisify(execFile)(process.execPath, [...args, file], { timeout, env })
  return stdout
}

describe('after stop', () => {
  it('a child of node --test exits by itself', { timeout: 60_000 }, async () => {
    const program = `
      import http from 'node:http'
      import { test } from 'node:test'
      import { connectIdp, startIdp } from ${ENTRY}
      ${USE}
      test('in process and over HTTP', async () => {
        const idp = await startIdp({ ...config, server: { tls: {} } })
        await use(idp)
        const far = await connectIdp(idp.url)
        await use(far)
        const waiting = idp.nextRequest({ endpoint: 'userinfo' }, { timeout: '60s' }).catch(() => 'ended')
        await far.stop()
        await idp.stop()
        if (await waiting !== 'ended') throw new Error('it still waits')
      })
    `
    expect(await run(['--test', '--test-reporter=tap'], program, 30_000)).toMatch(/^# pass 1$/m)
  })

  it('a thousand times over, file descriptors and heap are what they were', { timeout: 60_000 }, async () => {
    const program = `
      import { readdirSync } from 'node:fs'
      import http from 'node:http'
      import { setImmediate } from 'node:timers/promises'
      import { connectIdp, startIdp } from ${ENTRY}
      ${USE}
      async function cycle(round) {
        const idp = await startIdp(config)
        if (round % 10 === 0) await use(idp)
        await idp.stop()
      }
      async function settled() {
        for (let turn = 0; turn < 5; turn += 1) { await setImmediate(); globalThis.gc() }
        const fds = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
        return { fds, heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length }
      }
      for (let round = 0; round < 300; round += 1) await cycle(round)
      const before = await settled()
      for (let round = 0; round < 1000; round += 1) await cycle(round)
      const after = await settled()
      console.log(JSON.stringify({ before, after }))
    `
    const { before, after } = JSON.parse(await run(['--expose-gc'], program, 55_000))
    expect(after.fds).toBeLessThanOrEqual(before.fds + 2)
    expect(after.handles).toBeLessThanOrEqual(before.handles + 2)
    // A provider has hundreds of kilobytes: were one in ten kept, it would be tens of megabytes.
    expect(after.heap - before.heap).toBeLessThan(2 * 1024 * 1024)
  })
})
