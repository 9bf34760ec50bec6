import { Agent } from 'node:https'
import { describe, expect, it } from 'vitest'
import type { ClientInput } from '../support/configured.ts'
import { fileWith } from '../support/folder.ts'
import { basic } from '../support/http.ts'
import { fetchWith, startSecure } from '../support/tls.ts'
import { ask, certified, invalidClient, makeCa, refusalOf, send } from '../support/tls_client.ts'

const CA = { tls: { client_ca: 'auto' } } as const
const partner = (more: Partial<ClientInput> = {}): ClientInput => ({
  client_id: 'partner',
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_subject_dn: 'CN=partner,O=Example',
  ...more,
})
const start = (more?: Partial<ClientInput>) => startSecure({ server: CA, clients: [partner(more)] })

/** Several providers of one process share a CA, so another CA is one that the test makes. */
const otherCa = await makeCa()

describe('RFC 8705 §2.1 PKI Mutual-TLS Method', () => {
  it('refuses the certificate of another client', async () => {
    const clients = [partner(), partner({ client_id: 'other', tls_client_auth_subject_dn: 'CN=other' })]
    await using secure = await startSecure({ server: CA, clients })
    const other = secure.as(await secure.idp.clientCertificate('other'))
    expect((await ask(other, secure.httpsUrl, 'other')).status).toBe(200)
    const wanted = invalidClient(
      'client.certificate_mismatch',
      /the subject CN=other, .* CN=partner,O=Example/,
    )
    expect(refusalOf(await ask(other, secure.httpsUrl))).toEqual(wanted)
  })

  it('refuses the right name in a certificate of another CA, or that its owner signed', async () => {
    await using secure = await start()
    const subject = [{ O: ['Example'] }, { CN: ['partner'] }]
    for (const own of [await certified({ subject, issuer: otherCa }), await certified({ subject })]) {
      const wanted = invalidClient(
        'client.certificate_untrusted',
        /not trusted \([A-Z_]+\).*server\.tls\.client_ca/,
      )
      expect(refusalOf(await ask(secure.as(own), secure.httpsUrl))).toEqual(wanted)
    }
  })

  it('trusts a certificate by the one between it and the CA, if the client sends that too', async () => {
    const root = await certified({ subject: [{ CN: ['root'] }], signs: true })
    const between = await certified({ subject: [{ CN: ['between'] }], issuer: root, signs: true })
    const own = await certified({ issuer: between })
    const server = { tls: { client_ca: fileWith('root.pem', root.cert) } }
    const clients = [partner({ tls_client_auth_subject_dn: 'CN=partner' })]
    await using secure = await startSecure({ server, clients })
    const chain = { ...own, cert: `${own.cert}${between.cert}` }
    expect((await ask(secure.as(chain), secure.httpsUrl)).status).toBe(200)
    const alone = await ask(secure.as(own), secure.httpsUrl)
    expect(alone.headers.get('x-mock-reason')).toBe('client.certificate_untrusted')
  })

  it('holds a TLS session that is resumed to the certificate that it began with', async () => {
    await using secure = await start()
    const { cert, key } = await secure.idp.clientCertificate('partner')
    const foreign = await certified({ subject: [{ O: ['Example'] }, { CN: ['partner'] }] })
    for (const [shown, status] of [[{ cert, key }, 200] as const, [foreign, 401] as const]) {
      const agent = new Agent({ ca: secure.ca, ...shown, keepAlive: false })
      for (const _again of [1, 2, 3])
        expect((await ask(fetchWith({ agent }), secure.httpsUrl)).status).toBe(status)
      agent.destroy()
    }
  })

  it('refuses a certificate before and after its time, by the clock of the provider', async () => {
    await using secure = await start()
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    await secure.idp.clock.advance('397d')
    const late = invalidClient('client.certificate_expired', /expired at \d+, it is \d+ now/)
    expect(refusalOf(await ask(as, secure.httpsUrl))).toEqual(late)
    await secure.idp.clock.advance('-400d')
    const early = invalidClient('client.certificate_expired', /is valid from \d+, it is \d+ now/)
    expect(refusalOf(await ask(as, secure.httpsUrl))).toEqual(early)
    await secure.idp.clock.advance('3d')
    expect((await ask(as, secure.httpsUrl)).status).toBe(200)
  })

  it('tells a client that comes without its certificate, or over http, where to come', async () => {
    await using secure = await start()
    const url = `connect with it to ${secure.httpsUrl}/token`
    const wanted = invalidClient('client.certificate_missing', new RegExp(`without its certificate; ${url}`))
    expect(refusalOf(await ask(secure.fetch, secure.httpsUrl))).toEqual(wanted)
    expect(refusalOf(await ask(fetch, secure.idp.url))).toEqual(wanted)
  })
})

describe('RFC 8705 §2 Mutual TLS for OAuth Client Authentication', () => {
  it('needs the client_id in the request', async () => {
    await using secure = await start()
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    const answer = await send(as, `${secure.httpsUrl}/token`, { grant_type: 'client_credentials' })
    expect(refusalOf(answer)).toEqual(invalidClient('client.missing', /client_id/))
  })

  it('takes the certificate at introspection and revocation too', async () => {
    await using secure = await start()
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    const token = String((await ask(as, secure.httpsUrl)).body['access_token'])
    const form = { client_id: 'partner', token }
    const introspect = () => send(as, `${secure.httpsUrl}/introspect`, form)
    expect((await introspect()).body).toMatchObject({ active: true, client_id: 'partner' })
    expect((await send(secure.fetch, `${secure.httpsUrl}/revoke`, form)).status).toBe(401)
    expect((await send(as, `${secure.httpsUrl}/revoke`, form)).status).toBe(200)
    expect((await introspect()).body).toEqual({ active: false })
  })

  it('counts a certificate beside other credentials as no second method', async () => {
    const secret = { client_id: 'orders', client_secret: 's3cret' }
    await using secure = await startSecure({ server: CA, clients: [partner(), secret] })
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    const form = { grant_type: 'client_credentials' }
    const answer = await send(as, `${secure.httpsUrl}/token`, form, basic('orders', 's3cret'))
    expect(answer.status, answer.text).toBe(200)
    const wrong = await send(as, `${secure.httpsUrl}/token`, form, basic('orders', 'another'))
    expect(wrong.headers.get('x-mock-reason')).toBe('client.secret_wrong')
  })

  it('takes no secret of a client that registered a certificate, and no certificate of one with a secret', async () => {
    const secret = { client_id: 'orders', client_secret: 's3cret' }
    await using secure = await startSecure({ server: CA, clients: [partner(), secret] })
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    const form = { grant_type: 'client_credentials', client_id: 'partner', client_secret: 'x' }
    const bySecret = await send(as, `${secure.httpsUrl}/token`, form)
    const other = /used client_secret_post, it may use tls_client_auth/
    expect(refusalOf(bySecret)).toEqual(invalidClient('client.auth_method_not_allowed', other))
    const byCertificate = refusalOf(await ask(as, secure.httpsUrl, 'orders'))
    expect(byCertificate).toEqual(invalidClient('client.secret_missing', /expected client_secret/))
  })

  it('takes a client that registered a name and no method by its certificate', async () => {
    await using secure = await start({ token_endpoint_auth_method: undefined })
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    expect((await ask(as, secure.httpsUrl)).status).toBe(200)
    const without = await ask(secure.fetch, secure.httpsUrl)
    expect(without.headers.get('x-mock-reason')).toBe('client.certificate_missing')
  })

  it('takes it by its name also where it registered keys for its assertions', async () => {
    const keys = [{ kty: 'EC', crv: 'P-256', kid: 'assertions' }]
    await using secure = await start({ token_endpoint_auth_method: undefined, jwks: { keys } })
    const as = secure.as(await secure.idp.clientCertificate('partner'))
    expect((await ask(as, secure.httpsUrl)).status).toBe(200)
    const other = secure.as(await certified())
    const refused = await ask(other, secure.httpsUrl)
    expect(refused.headers.get('x-mock-reason')).toBe('client.certificate_untrusted')
  })

  it('lets all of it pass where strictness does, and notes it', async () => {
    const strictness = { client_certificate: 'warn' } as const
    await using secure = await startSecure({ server: CA, strictness, clients: [partner()] })
    for (const by of [secure.fetch, secure.as(await certified({ moved: -90 }))])
      expect((await ask(by, secure.httpsUrl)).status).toBe(200)
  })
})
