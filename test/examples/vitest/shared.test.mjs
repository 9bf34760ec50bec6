/** Tests that run at the same time, against the provider of the global set-up. */
import { idpTest } from 'idp-double/vitest'
import { describe, expect } from 'vitest'

const test = idpTest({ url: process.env.IDP_DOUBLE_URL })

describe.concurrent('sandboxes of one provider', () => {
  for (const name of ['one', 'two', 'three', 'four']) {
    test(`${name} has its own users, time and record`, async ({ idp, sandbox, expect: own }) => {
      own(idp.url).toBe(process.env.IDP_DOUBLE_URL)
      await sandbox.users.put({ username: name })
      const { now } = await sandbox.clock.set('2032-01-01T00:00:00Z')
      own(now.slice(0, 4)).toBe('2032')
      await sandbox.token({ client: 'shop', user: name })
      const usernames = (await sandbox.users.list()).map(({ username }) => username)
      own(usernames).toEqual(['alice', 'bob', 'carol', 'dave', name])
      await fetch(`${sandbox.issuer}/.well-known/openid-configuration`)
      own(await sandbox.requests()).toHaveLength(1)
    })
  }
})

describe('a client that leaves out state', () => {
  test('is found, with what to do', async ({ sandbox }) => {
    const redirect_uri = 'http://localhost/callback'
    const asked = new URLSearchParams({
      client_id: 'shop',
      response_type: 'code',
      scope: 'openid',
      redirect_uri,
    })
    await fetch(`${sandbox.issuer}/authorize?${asked}`)
    await expect(expect(sandbox).toHaveNoFindings()).rejects.toThrow(
      /^expected no findings, .*state_missing/s,
    )
    await expect(sandbox).not.toHaveNoFindings()
  })
})
