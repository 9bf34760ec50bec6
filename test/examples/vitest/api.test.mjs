/** An API behind access tokens, with a provider that the worker starts. */
import { idpTest } from 'idp-double/vitest'
import { describe, expect, vi } from 'vitest'
import { startApi } from '../app/api.mjs'
import { API, config } from '../app/config.mjs'

const test = idpTest({ ...config, followTimers: true }).extend({
  call: async ({ sandbox }, use) => {
    const api = await startApi({ issuer: sandbox.issuer, audience: API })
    await use(async (token) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const answered = await fetch(`${api.url}/orders`, { headers })
      return { status: answered.status, ...(await answered.json()) }
    })
    await api.close()
  },
})

describe('the API', () => {
  test('gives the orders of a user with a role', async ({ call, sandbox }) => {
    const token = await sandbox.token({ client: 'shop', user: 'alice' })
    expect(await call(token)).toMatchObject({ status: 200, roles: ['buyer'] })
  })

  test('refuses who has no token, or no role', async ({ call, sandbox }) => {
    expect((await call()).status).toBe(401)
    expect((await call(await sandbox.token({ client: 'shop', user: 'carol' }))).status).toBe(403)
  })

  test('refuses tokens of another provider and for another API', async ({ call, idp, sandbox }) => {
    expect((await call(await idp.token({ client: 'batch' }))).error).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
    const other = await sandbox.token({ client: 'batch', audience: 'https://other.example.test' })
    expect((await call(other)).error).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
  })

  test('fetches the keys once', async ({ call, sandbox }) => {
    for (let time = 0; time < 3; time += 1) await call(await sandbox.token({ client: 'batch' }))
    expect(await sandbox.requests({ endpoint: 'jwks' })).toHaveLength(1)
    await expect(sandbox).toHaveNoFindings()
  })

  test('refuses a token that has expired, by the time of the fake timers', async ({ call, sandbox }) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      vi.setSystemTime('2031-05-01T12:00:00Z')
      const token = await sandbox.token({ client: 'batch', lifetime: '5m' })
      expect((await sandbox.clock.now()).now).toBe('2031-05-01T12:00:00.000Z')
      expect((await call(token)).status).toBe(200)
      vi.setSystemTime('2031-05-01T12:06:00Z')
      expect((await call(token)).error).toBe('ERR_JWT_EXPIRED')
    } finally {
      vi.useRealTimers()
    }
  })
})
