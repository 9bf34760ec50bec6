/** What the log tells of those who drive the provider: calls and why they were refused, and no word of what was sent. */
import { describe, expect, it } from 'vitest'
import { start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { get } from '../support/http.ts'
import { startLogged } from '../support/logged.ts'
import { requestAs } from '../support/raw.ts'

describe('a call of the control API in the log', () => {
  it('is one of control, with the reason where somebody may not call', async () => {
    await using idp = await startLogged({})
    await get(`${idp.issuer}/_mock/clock`)
    await get(`${idp.issuer}/_mock/clock`, { origin: 'https://evil.test' })
    await requestAs({
      port: Number(new URL(idp.issuer).port),
      path: '/_mock/',
      headers: { host: 'evil.test' },
    })
    expect(idp.entries.map(({ exchange }) => [exchange.endpoint, exchange.description])).toEqual([
      ['control', undefined],
      ['control', expect.stringMatching(/^a page of https:\/\/evil\.test may not drive/)],
      ['control', expect.stringMatching(/does not answer at evil\.test/)],
    ])
  })

  it('tells nothing of a body, not even of one that is no JSON', async () => {
    await using idp = await startLogged({})
    const headers = { 'content-type': 'application/json' }
    for (const body of ['canary', '{"client_secret":"canary', '{"set":"canary"}'])
      await fetch(`${idp.issuer}/_mock/clock`, { method: 'POST', headers, body })
    expect(idp.entries.map(({ status }) => status)).toEqual([400, 400, 422])
    expect(JSON.stringify(idp.entries)).not.toContain('canary')
  })

  it('is no request of a client: the record does not have it', async () => {
    await using idp = await startLogged({})
    for (const path of ['', 'clock', 'nothing']) await get(`${idp.issuer}/_mock/${path}`)
    const { body } = await get(`${idp.issuer}/_mock/requests`)
    expect(body).toEqual({ items: [], last: 0, dropped: 0 })
  })

  it('is not told where an open inspector follows what happens', async () => {
    await using idp = start(['--log', 'json'], {
      cwd: folder({ 'idp-double.json': '{"server":{"port":0}}' }),
    })
    const url = (await idp.says(/"url":"([^"]+)"/))[1] as string
    for (const path of ['', '?view=keys', 'inspector.js', 'clock', '?tenant=nobody'])
      await get(`${url}/_mock/${path}`)
    const stream = await fetch(`${url}/_mock/requests/stream`)
    await stream.body?.cancel()
    await get(`${url}/last`)
    await idp.says(/"path":"\/last".*\n/)
    const lines = idp.texts.stdout.split('\n').filter((line) => line.includes('"event":"request"'))
    expect(lines.map((line) => JSON.parse(line)).map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/_mock/clock 200',
      '/_mock/ 404',
      '/last 404',
    ])
  })
})
