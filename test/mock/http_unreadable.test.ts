import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get, post } from '../support/http.ts'

/** Broken percent-encoding: no parameter of it can be read. */
const BROKEN = 'client_id=%zz'

describe('a request that cannot be read', () => {
  it('is refused with a page where a person looks at the answer', async () => {
    await using idp = await startIdp()
    for (const path of ['/authorize', '/login', '/consent', '/logout']) {
      const { status, headers, text } = await get(`${idp.issuer}${path}?${BROKEN}`)
      expect([path, status, headers.get('x-mock-reason')]).toEqual([path, 400, 'body.malformed'])
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(text).toContain('broken percent-encoding')
    }
  })

  it("is refused in the provider's own words where a program does", async () => {
    await using idp = await startIdp({ tenants: { contoso: { dialect: 'entra' }, shop: {} } })
    const entra = await post(`${idp.issuerOf('contoso').replace(/\/v2\.0$/, '')}/oauth2/v2.0/token`, BROKEN)
    expect([entra.status, entra.body['error']]).toEqual([400, 'invalid_request'])
    expect(entra.headers.get('x-ms-request-id')).toMatch(/^[\w-]{36}$/)
    const standard = await post(`${idp.issuerOf('shop')}/token`, BROKEN)
    expect(standard.body['error_description']).toContain('broken percent-encoding')
    expect(standard.headers.has('x-ms-request-id')).toBe(false)
  })
})
