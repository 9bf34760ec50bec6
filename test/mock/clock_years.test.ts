import { X509Certificate } from 'node:crypto'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { APP, SECRET } from '../support/entra_cloud.ts'
import { get } from '../support/http.ts'

const YEAR = 365 * 86_400
const client = {
  client_id: APP,
  client_secret: SECRET,
  redirect_uris: [CALLBACK],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}

/** Moments that programs have stumbled over, by ISO 8601 or in seconds from now. */
const MOMENTS: Readonly<Record<string, string | number>> = {
  'ten years ago': -10 * YEAR,
  'in ten years': 10 * YEAR,
  'the first moment that there is': '1980-01-01T00:00:00Z',
  'before seconds no longer fit 31 bits': '2038-01-19T03:14:07Z',
  'after they no longer fit': '2038-01-19T03:14:08Z',
  'after they no longer fit 32 bits': '2106-02-07T06:28:16Z',
  'the end of a year of two digits': '2049-12-31T23:59:59Z',
  'a February without a 29th': '2100-02-28T23:59:59Z',
  'the hour that a summer time skips': '2030-03-31T01:30:00Z',
  'a year of milliseconds beyond 2^45': '4000-01-01T00:00:00Z',
  'the last years that there are': '8999-12-31T00:00:00Z',
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Numbers that are none, and dates that are none, wherever they stand in an answer. */
function broken(text: string): string[] {
  return text.match(/(?<![\w-])(?:NaN|Infinity)(?![\w-])|Invalid Date|"\+?\d{5,}-\d\d-\d\dT/g) ?? []
}

describe.each(['standard', 'keycloak@26', 'entra'])('%s in another year', (dialect) => {
  it.each(Object.entries(MOMENTS))('%s: signs in, refreshes, introspects, records', async (_name, moment) => {
    await using idp = await startIdp({
      dialect,
      clients: [client],
      users: [{ username: 'alice' }],
    } as ConfigInput)
    const { epoch, now } =
      typeof moment === 'string' ? await idp.clock.set(moment) : await idp.clock.advance(moment)
    expect(now).toMatch(DATE)
    const document = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect([document.status, broken(document.text)]).toEqual([200, []])
    const app = await DiscoveringClient.at(idp.issuer, APP, SECRET)
    const page = await app.browser.open(app.request({ scope: 'openid offline_access' }))
    const { code } = await app.authorize({ scope: 'openid offline_access' })
    const { body, text } = await app.redeem(code)
    expect(broken(page.html + text)).toEqual([])
    const keys = (await get(app.url('jwks_uri'))).body as unknown as JSONWebKeySet
    const currentDate = new Date(epoch * 1000)
    const options = { currentDate, clockTolerance: 60 }
    const { payload } = await jwtVerify(String(body['id_token']), createLocalJWKSet(keys), options)
    // Entra ID dates its tokens five minutes back.
    expect(Math.abs(Number(payload.iat) - epoch)).toBeLessThan(360)
    for (const certificate of keys.keys.flatMap(({ x5c = [] }) => x5c))
      expect(new X509Certificate(Buffer.from(certificate, 'base64')).validTo).toMatch(/ \d{4} GMT$/)
    expect((await app.refresh(body['refresh_token'])).status).toBe(200)
    for (const header of page.headers.getSetCookie()) expect(header).toMatch(/Max-Age=\d+;/)
    const requests = await idp.requests()
    for (const { time, ms } of requests)
      expect([time, ms]).toEqual([expect.stringMatching(DATE), expect.any(Number)])
    expect(requests[0]?.time.slice(0, 10)).toBe(now.slice(0, 10))
    expect(
      broken(JSON.stringify([requests, await idp.har(), await idp.sessions.list(), await idp.grants.list()])),
    ).toEqual([])
  })
})
