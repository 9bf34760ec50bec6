import { describe, expect, it } from 'vitest'
import { get } from '../support/http.ts'
import {
  BASIC,
  parametersAt,
  REDIRECT_URI,
  RelyingParty,
  SECRET,
  startCodeFlow,
  startOp,
} from '../support/relying_party.ts'

const metadataOf = async (url: string) => (await get(`${url}/.well-known/openid-configuration`)).body

describe.each(BASIC)('RFC 9207 §2 Response Parameter iss, by $mode', (flow) => {
  it('is in a successful response, an error, and a denial, and is the issuer of the metadata and the ID token', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const denied = rp.received(await rp.browser.submit(await rp.open(), { action: 'deny' }))
    const refused = rp.received(await rp.open({ prompt: 'none' }))
    const { answer, id } = await rp.login()
    const { issuer } = await metadataOf(idp.issuer)
    expect([denied['iss'], refused['iss'], answer['iss'], id.iss]).toEqual(Array(4).fill(issuer))
  })
})

describe('RFC 9207 §2 the issuer', () => {
  it.each(['https://Login.Example.test/Auth', 'https://login.example.test/', 'http://idp.test:9999'])(
    'is the configured one, byte for byte: %s',
    async (url) => {
      await using op = await startCodeFlow({}, { issuer: { url } })
      const { pathname } = new URL(url)
      const here = `${op.idp.url.replace(/(:\d+)\/.*$/, '$1')}${pathname.replace(/\/$/, '')}`
      const rp = new RelyingParty(here, BASIC[0]!)
      const page = await rp.open({ prompt: 'none' })
      expect(parametersAt(page)['query']).toMatchObject({ error: 'login_required', iss: url })
    },
  )

  it('is that of the tenant', async () => {
    const client = { client_id: 'client', client_secret: SECRET, redirect_uris: [REDIRECT_URI] }
    await using idp = await startOp(
      {},
      {
        users: [],
        clients: [],
        login: {},
        tenants: { one: { clients: [client] }, two: { clients: [client] } },
      },
    )
    for (const tenant of ['one', 'two']) {
      const rp = new RelyingParty(idp.issuerOf(tenant), BASIC[0]!)
      expect(rp.received(await rp.open({ prompt: 'none' }))['iss']).toBe(idp.issuerOf(tenant))
    }
  })
})

describe('RFC 9207 §3 authorization_response_iss_parameter_supported', () => {
  it('is announced', async () => {
    await using idp = await startOp()
    expect(await metadataOf(idp.issuer)).toMatchObject({
      authorization_response_iss_parameter_supported: true,
    })
  })

  it('is not announced where the issuer follows each caller, and no iss is sent: the client may know another one than the browser', async () => {
    await using idp = await startOp({}, { issuer: { mode: 'request' } })
    expect(await metadataOf(idp.issuer)).toMatchObject({
      authorization_response_iss_parameter_supported: false,
    })
    const rp = new RelyingParty(idp.issuer, BASIC[0]!)
    const refused = await rp.open({ prompt: 'none' })
    const page = await rp.pick(await rp.open())
    for (const came of [refused, page]) expect(parametersAt(came)['query']).not.toHaveProperty('iss')
    expect(parametersAt(page)['query']).toHaveProperty('code')
  })
})
