import { describe, expect, it } from 'vitest'
import { createRequestLog } from '../../src/logging/request_log.ts'
import { start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { basic, post } from '../support/http.ts'

const CONFIG = {
  server: { port: 0 },
  control: { token: 'canary-of-control' },
  registration: { enabled: true, initial_access_token: 'canary-of-registration' },
  clients: [{ client_id: 'web', client_secret: 'canary-of-web' }],
}

type Entry = Parameters<ReturnType<typeof createRequestLog>['request']>[0]

/** What the log says of a request, where these are secrets. */
function logged(format: 'text' | 'json', secrets: readonly string[], entry: Partial<Entry>): string {
  const texts: string[] = []
  const log = createRequestLog({
    ...{ format, quiet: false, secrets: { revision: 0, all: () => secrets } },
    out: (text) => texts.push(text),
    err: (text) => texts.push(text),
  })
  const exchange = { tenant: 'default', endpoint: 'token', notes: [] }
  log.request({ at: 0, method: 'POST', path: '/token', status: 401, ms: 1, exchange, ...entry })
  log.flush()
  return texts.join('')
}

const refused = (more: object) => ({
  exchange: {
    ...{ tenant: 'default', endpoint: 'token', notes: [], reason: 'client.unknown' as const },
    ...more,
  },
})

describe.each(['text', 'json'] as const)('the log as %s', (format) => {
  it('hides the whole of a secret that begins as another one does', () => {
    const text = logged(format, ['canary', 'canary-1', 'canary-12'], refused({ description: 'no canary-12' }))
    expect(text).toContain('no ***')
    expect(text).not.toMatch(/\*\*\*[-\d]/)
  })

  it.each([
    ['the name of a client', refused({ client_id: 'canary-1' })],
    ['the path', { path: '/canary-1', ...refused({}) }],
    ['the path of a fault', { path: '/canary-1', error: new Error('broken') }],
  ])('hides a secret that came as %s', (_, entry) => {
    expect(logged(format, ['canary-1'], entry)).not.toContain('canary')
  })

  it('has no secret of a client that came later, nor one of the provider itself', async () => {
    const cwd = folder({ 'idp-double.json': JSON.stringify(CONFIG) })
    await using idp = start(['--log', format], { cwd })
    const [, url = ''] = await idp.says(/(http:\/\/localhost:\d+)/)
    const headers = { authorization: 'Bearer canary-of-control', 'content-type': 'application/json' }
    const call = (method: string, path: string, body: object) =>
      fetch(`${url}/_mock${path}`, { method, headers, body: JSON.stringify(body) })
    const put = (id: string, body: object, query = '') => call('PUT', `/clients/${id}${query}`, body)
    const grant = { grant_type: 'client_credentials' }
    expect((await put('late', { client_secret: 'canary-of-late' })).ok).toBe(true)
    expect((await put('wrong', { client_secret: 'canary-of-late', client_secre: 'canary-of-late' })).ok).toBe(
      false,
    )
    const { id } = (await (await call('POST', '/sandboxes', {})).json()) as { id: string }
    expect((await put('boxed', { client_secret: 'canary-of-boxed' }, `?tenant=${id}`)).ok).toBe(true)
    for (const name of ['late', 'boxed', 'web', 'control', 'registration'])
      await post(`${url}/token`, grant, basic(`canary-of-${name}`, name))
    await fetch(`${url}/canary-of-late`)
    await fetch(`${url}/the-end`)
    await idp.says(/the-end/)
    await idp.stop()
    const said = idp.texts.stdout.slice(idp.texts.stdout.indexOf('PUT')) + idp.texts.stderr
    expect(said).toContain('***')
    expect(said).not.toContain('canary')
  })
})
