/** Tokens for whoever asks are for no page whose host name was made to mean this machine. */
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { CONFIG, HEADER, STORAGE } from '../support/managed_identity.ts'
import { requestAs } from '../support/raw.ts'

const QUERY = `resource=${STORAGE}`
const SOURCES = [
  { source: 'IMDS', path: `/metadata/identity/oauth2/token?${QUERY}`, headers: { metadata: 'true' } },
  {
    source: 'App Service',
    path: `/msi/token?${QUERY}&api-version=2019-08-01`,
    headers: { 'x-identity-header': HEADER },
  },
  { source: 'Azure Arc', path: `/arc/token?${QUERY}`, headers: { metadata: 'true' } },
  { source: 'Cloud Shell', path: '/cloudshell/token', headers: { metadata: 'true' }, form: QUERY },
  { source: 'Service Fabric', path: `/sf/token?${QUERY}`, headers: { secret: HEADER } },
]

describe('the host name under which managed identity tokens are asked for', () => {
  it.each(SOURCES)('is none that is foreign to the provider: $source', async ({ headers, path, form }) => {
    await using idp = await startIdp(CONFIG)
    const port = Number(new URL(idp.url).port)
    const ask = (host: string) =>
      requestAs({ port, path, headers: { ...headers, host }, ...(form && { form }) })
    const refused = await ask(`evil.test:${port}`)
    expect([refused.status, refused.headers.get('x-mock-reason')]).toEqual([421, 'identity.misdirected'])
    expect(refused.text).toMatch(/control\.hosts/)
    expect(refused.text).not.toMatch(/access_token/)
    for (const host of ['169.254.169.254', 'localhost', 'host.docker.internal', '[::1]:8080'])
      expect((await ask(host)).headers.get('x-mock-reason')).not.toBe('identity.misdirected')
  })

  it('is the metadata service, a container and what the configuration names', async () => {
    const control = { hosts: ['idp.corp.test'] }
    await using idp = await startIdp({ ...CONFIG, server: { host: '0.0.0.0' }, control })
    const port = Number(new URL(idp.url).port)
    const path = `/metadata/identity/oauth2/token?${QUERY}`
    for (const host of ['169.254.169.254', 'idp:8080', '172.17.0.2', 'idp.corp.test']) {
      const answer = await requestAs({ port, path, headers: { metadata: 'true', host } })
      expect([host, answer.status]).toEqual([host, 200])
    }
  })
})
