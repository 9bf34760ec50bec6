/** A provider that is driven with a token, and one that is not driven at all. */
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basicAsIs, get } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'
import { fetchWith } from '../support/tls.ts'

const TOKEN = 'a token of ours: with a colon'
const SIMPLE = 'correct-horse-battery'

describe('control.token', () => {
  it('is what every call brings, as Bearer', async () => {
    await using idp = await startIdp({ control: { token: SIMPLE } })
    for (const path of ['clock', 'openapi.json', 'nothing', '', 'ca.pem', 'inspector.js']) {
      const refused = await get(`${idp.url}/_mock/${path}`)
      expect([path, refused.status]).toEqual([path, 401])
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=.*, Bearer realm=/)
    }
    const answer = await get(`${idp.url}/_mock/clock`, { authorization: `Bearer ${SIMPLE}` })
    expect(answer.status).toBe(200)
    expect((await get(`${idp.url}/_mock/clock`, { authorization: `bearer  ${SIMPLE}` })).status).toBe(200)
  })

  it('is the password where a browser asks for one, whatever the user name', async () => {
    await using idp = await startIdp({ control: { token: TOKEN } })
    for (const user of ['', 'anybody']) {
      const sent = await get(`${idp.url}/_mock/clock`, basicAsIs(`${user}:${TOKEN}`))
      expect(sent.status).toBe(200)
    }
  })

  it.each([
    ['another token', `Bearer ${SIMPLE}x`],
    ['a part of it', `Bearer ${SIMPLE.slice(0, -1)}`],
    ['another letter case', `Bearer ${SIMPLE.toUpperCase()}`],
    ['nothing behind the scheme', 'Bearer '],
    ['no scheme', SIMPLE],
    ['another scheme', `Digest ${SIMPLE}`],
    ['it as a user name', basicAsIs(`${SIMPLE}:`).authorization],
    ['more behind it', `Bearer ${SIMPLE} more`],
  ])('is not %s', async (_, authorization) => {
    await using idp = await startIdp({ control: { token: SIMPLE } })
    const answer = await get(`${idp.url}/_mock/clock`, { authorization })
    expect([answer.status, answer.text.includes(SIMPLE)]).toEqual([401, false])
  })

  it('does not let a page of another site in, which a browser would send it for', async () => {
    await using idp = await startIdp({ control: { token: SIMPLE } })
    const headers = { ...basicAsIs(`:${SIMPLE}`), origin: 'https://evil.test' }
    const refused = await get(`${idp.url}/_mock/clock`, headers)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([403, null])
  })

  it('is not what a page of another site makes the browser ask for, nor one under another name', async () => {
    await using idp = await startIdp({ control: { token: SIMPLE } })
    const foreign = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'null' }, { host: 'evil.test' }]
    const port = Number(new URL(idp.url).port)
    for (const each of foreign) {
      const headers = each as Record<string, string>
      const { status, headers: told } = await requestAs({ port, path: '/_mock/', headers })
      expect([403, 421]).toContain(status)
      expect(told.get('www-authenticate')).toBeNull()
    }
  })

  it('is asked for over https too, where the CA is', async () => {
    await using idp = await startIdp({ server: { tls: {} }, control: { token: SIMPLE } })
    const ask = fetchWith({ rejectUnauthorized: false })
    const url = `${idp.httpsUrl}/_mock/ca.pem`
    expect((await ask(url)).status).toBe(401)
    expect((await ask(url, { headers: { authorization: `Bearer ${SIMPLE}` } })).status).toBe(200)
  })
})

describe('control.enabled: false', () => {
  it('leaves nothing there: every path is as unknown as any other', async () => {
    await using idp = await startIdp({ server: { tls: {} }, control: { enabled: false } })
    const unknown = await get(`${idp.url}/nothing/here`)
    for (const path of ['_mock', '_mock/', '_mock/clock', '_mock/ca.pem', '_mock/openapi.json']) {
      const { status, body, headers } = await get(`${idp.url}/${path}`)
      expect([path, status]).toEqual([path, 404])
      expect(body['error']).toBe(unknown.body['error'])
      expect(headers.get('content-type')).toBe(unknown.headers.get('content-type'))
    }
    const changed = await fetch(`${idp.url}/_mock/clock`, { method: 'POST', body: '{"advance":"1d"}' })
    expect(changed.status).toBe(404)
  })
})
