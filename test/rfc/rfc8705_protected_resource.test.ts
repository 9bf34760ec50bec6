import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { CONFIG, TENANT } from '../support/graph.ts'
import { answerOf, basic } from '../support/http.ts'
import { startSecure } from '../support/tls.ts'
import { certified, cnfOf, refusalOf, send } from '../support/tls_client.ts'
import { bearer } from '../support/token.ts'

const SECRET = { client_id: 'orders', client_secret: 's3cret' } as const
const BASIC = basic(SECRET.client_id, SECRET.client_secret)
const FORM = { grant_type: 'client_credentials' }
const BOUND = { tls_client_certificate_bound_access_tokens: true } as const

const start = () => startSecure({ clients: [{ ...SECRET, ...BOUND }] })
type Secure = Awaited<ReturnType<typeof start>>

const own = await certified()
const other = await certified({ subject: [{ CN: ['other'] }] })

async function tokenOf({ as, httpsUrl }: Secure): Promise<string> {
  return String((await send(as(own), `${httpsUrl}/token`, FORM, BASIC)).body['access_token'])
}

const userinfo = async (by: typeof fetch, { httpsUrl }: Secure, token: string) =>
  answerOf(await by(`${httpsUrl}/userinfo`, { headers: bearer(token) }))

describe('RFC 8705 §3 at userinfo, a protected resource', () => {
  it.each([
    ['without certificate', (secure: Secure) => secure.fetch, 'token.certificate_missing'],
    ['with another certificate', (secure: Secure) => secure.as(other), 'token.certificate_mismatch'],
  ])('refuses a bound token %s with 401 and invalid_token', async (_what, by, reason) => {
    await using secure = await start()
    const answer = await userinfo(by(secure), secure, await tokenOf(secure))
    expect(refusalOf(answer)).toMatchObject({ status: 401, error: 'invalid_token', reason })
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="[^"]+", error="invalid_token", error_description="the token is bound to the certificate/,
    )
  })

  it('refuses it over plain http, and takes it with its certificate', async () => {
    await using secure = await start()
    const token = await tokenOf(secure)
    const plain = await answerOf(await fetch(`${secure.idp.url}/userinfo`, { headers: bearer(token) }))
    expect(plain.headers.get('x-mock-reason')).toBe('token.certificate_missing')
    const answer = await userinfo(secure.as(own), secure, token)
    expect([answer.status, answer.body]).toEqual([200, { sub: 'orders' }])
  })

  it('says where to come with the certificate, or that nobody is asked for one', async () => {
    await using secure = await start()
    const sent = { headers: bearer(await tokenOf(secure)) }
    const at = refusalOf(await answerOf(await fetch(`${secure.idp.url}/userinfo`, sent)))
    expect(at.description).toContain(`and none came; connect with it to ${secure.httpsUrl}`)
    await using idp = await startIdp({ clients: [SECRET] })
    const token = await idp.token({ client: 'orders', claims: { cnf: cnfOf(own) } })
    const nobody = refusalOf(await answerOf(await fetch(`${idp.url}/userinfo`, { headers: bearer(token) })))
    expect(nobody.description).toContain('nobody is asked for one here: set server.tls')
  })

  it('binds by the cnf that a test asks for', async () => {
    await using secure = await start()
    const token = await secure.idp.token({ client: 'orders', claims: { cnf: cnfOf(other) } })
    expect((await userinfo(secure.as(own), secure, token)).status).toBe(401)
    expect((await userinfo(secure.as(other), secure, token)).status).toBe(200)
  })

  it('takes an unbound token with any certificate', async () => {
    await using secure = await start()
    const token = await secure.idp.token({ client: 'orders' })
    for (const by of [secure.as(own), secure.fetch])
      expect((await userinfo(by, secure, token)).status).toBe(200)
  })

  it('refuses a revoked one also with its certificate', async () => {
    await using secure = await start()
    const token = await tokenOf(secure)
    await send(secure.as(own), `${secure.httpsUrl}/revoke`, { token }, BASIC)
    const answer = await userinfo(secure.as(own), secure, token)
    expect([answer.status, answer.headers.get('x-mock-reason')]).toEqual([401, 'token.revoked'])
  })

  it.each([null, 1, 'x', [], {}, { 'x5t#S256': 1 }, { jkt: 'x' }])(
    'binds to no certificate by the cnf %j',
    async (cnf) => {
      await using secure = await start()
      const token = await secure.idp.token({ client: 'orders', claims: { cnf } })
      expect((await userinfo(secure.fetch, secure, token)).status).toBe(200)
    },
  )
})

describe('RFC 8705 §3 at Microsoft Graph, a protected resource', () => {
  it('takes a bound token with its certificate only', async () => {
    const batch = { client_id: 'batch', client_secret: 's3cret', roles: ['Organization.Read.All'] }
    await using secure = await startSecure({ ...CONFIG, clients: [{ ...batch, ...BOUND }] })
    const { as, httpsUrl } = secure
    const form = { ...FORM, scope: 'https://graph.microsoft.com/.default' }
    const url = `${httpsUrl}/${TENANT}/oauth2/v2.0/token`
    const { body } = await send(as(own), url, form, basic(batch.client_id, batch.client_secret))
    const sent = { headers: bearer(String(body['access_token'])) }
    const asked = async (by: typeof fetch) => answerOf(await by(`${httpsUrl}/v1.0/organization`, sent))
    expect((await asked(as(own))).status).toBe(200)
    const refused = [await asked(secure.fetch), await asked(as(other))]
    expect(refused.map(({ status, headers }) => [status, headers.get('x-mock-reason')])).toEqual([
      [401, 'token.certificate_missing'],
      [401, 'token.certificate_mismatch'],
    ])
    expect(refused[0]?.body['error']).toMatchObject({
      code: 'InvalidAuthenticationToken',
      message: expect.stringMatching(/^the token is bound to the certificate/),
    })
  })
})
