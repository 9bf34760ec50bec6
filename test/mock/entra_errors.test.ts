import { describe, expect, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import { ADA, APP, signIn, startEntra, TENANT, v1Of } from '../support/entra_tenant.ts'
import { post } from '../support/http.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

type Started = Awaited<ReturnType<typeof startEntra>>
const outcome = ({ status, body }: { readonly status: number; readonly body: Record<string, unknown> }) => [
  status,
  body['error'],
  body['error_codes'],
]

describe('Entra: what a person reads whose request cannot be answered', () => {
  it.each([
    [50011, { redirect_uri: 'https://evil.test/' }, "The redirect URI 'https://evil.test/' specified"],
    [700016, { client_id: 'nobody' }, 'identifier &#39;nobody&#39; was not found'],
    [900144, { client_id: '' }, 'must contain the following parameter'],
  ] as const)('is AADSTS%i on a page of the provider, never a redirect: %j', async (code, params, text) => {
    await using entra = await startEntra()
    const page = await new Browser(entra.idp.url).open(entra.app.request(params))
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.html).toContain(`AADSTS${code}: `)
    expect(page.html).toContain(text.replaceAll("'", '&#39;'))
    expect(page.html).toMatch(/Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: /)
  })

  it('has the id of the request, where the application gave one', async () => {
    await using entra = await startEntra()
    const id = crypto.randomUUID()
    const url = entra.app.request({ client_id: 'nobody', 'client-request-id': id })
    expect((await entra.app.browser.open(url)).html).toContain(`Correlation ID: ${id}`)
  })

  it('says no more in a dialect that words nothing', async () => {
    await using standard = await startEntra({ config: { dialect: 'standard', id: 'one', resources: [] } })
    const { html } = await standard.app.browser.open(standard.app.request({ client_id: 'nobody' }))
    expect(html).not.toContain('data-testid="wording"')
  })
})

describe('Entra: refusals that come back through the browser', () => {
  it('are correlated with the request', async () => {
    await using entra = await startEntra()
    const id = crypto.randomUUID()
    const answer = await entra.app.authorize({ prompt: 'none', 'client-request-id': id })
    expect(answer['error_description']).toContain(` Correlation ID: ${id} `)
  })

  it('tell a person who cancelled by error_subcode', async () => {
    await using entra = await startEntra()
    const login = await entra.app.browser.open(entra.app.request())
    const { left } = await entra.app.browser.submit(login, { action: 'deny' })
    expect(Object.fromEntries(left?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: expect.stringMatching(/^AADSTS65004: /),
    })
  })

  it.each([
    ['id_token', { nonce: 'n' }],
    ['token', {}],
  ])(
    'name a response type that the application has not enabled: 700054 for %s',
    async (response_type, more) => {
      await using entra = await startEntra({ client: { grant_types: ['authorization_code'] } })
      const answer = await entra.app.authorize({ response_type, ...more })
      expect(answer).toMatchObject({ error: 'unsupported_response_type', state: 'the state' })
      expect(answer['error_description']).toMatch(
        `AADSTS700054: response_type '${response_type}' is not enabled`,
      )
    },
  )

  it.each([
    ['response_mode', { response_mode: 'carrier_pigeon' }],
    ['request', { request: 'no.object.at-all' }],
    ['prompt', { prompt: 'whisper' }],
  ])('have the code 9002313 for a bad %s', async (_name, params) => {
    await using entra = await startEntra()
    const { error_description } = await entra.app.authorize(params)
    expect(error_description).toMatch(/^AADSTS9002313: /)
  })
})

describe('Entra: refusals of the token endpoint', () => {
  const ask = ({ app }: Started, form: Record<string, string>) => app.token(form)

  it.each([
    ['password', 401, 'invalid_client', 7000218],
    [DEVICE_CODE, 401, 'invalid_client', 7000218],
    ['client_credentials', 400, 'unsupported_grant_type', 70003],
    ['magic', 400, 'unsupported_grant_type', 70003],
  ])('of a grant that the application may not use, or nobody knows: %s', async (grant_type, ...expected) => {
    await using entra = await startEntra({ client: { grant_types: ['authorization_code'] } })
    const scope = `${APP[0]}/.default`
    const answer = await ask(entra, { grant_type, scope, username: ADA.username, device_code: 'x' })
    const [status, error, code] = expected
    expect(outcome(answer)).toEqual([status, error, [code]])
  })

  it('tell a code that has expired, 70008, from one that never was, 70000', async () => {
    await using entra = await startEntra()
    const { code } = await entra.app.authorize({}, ADA.username)
    await entra.idp.clock.advance('11m')
    expect(outcome(await entra.app.redeem(code))).toEqual([400, 'invalid_grant', [70008]])
    expect(outcome(await entra.app.redeem('never'))).toEqual([400, 'invalid_grant', [70000]])
  })

  it('tell a refresh token that has expired, 700082, so that MSAL signs in again', async () => {
    await using entra = await startEntra()
    const { body } = await signIn(entra.app, { scope: 'openid offline_access' })
    await entra.idp.clock.advance('91d')
    const refused = await entra.app.refresh(body['refresh_token'])
    expect(outcome(refused)).toEqual([400, 'invalid_grant', [700082]])
    expect(refused.body['suberror']).toBe('bad_token')
  })

  it.each(['v1', 'v2'])('have the envelope and the headers of %s', async (face) => {
    await using entra = await startEntra()
    const app = face === 'v1' ? await v1Of(entra) : entra.app
    const id = crypto.randomUUID()
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: APP[0], client_secret: APP[1] }
    const { body, headers, status } = await post(app.url('token_endpoint'), form, { 'client-request-id': id })
    expect([status, body['correlation_id'], headers.get('x-ms-clitelem')]).toEqual([400, id, '1,700082,0,,'])
    expect(body['trace_id']).toMatch(UUID)
    expect(headers.get('x-ms-request-id')).toBe(body['trace_id'])
    expect(body['error_description']).toContain(`Trace ID: ${body['trace_id']} Correlation ID: ${id} `)
    expect(body['error_uri']).toBe('https://login.microsoftonline.com/error?code=700082')
  })

  it('take GET for what it is', async () => {
    await using entra = await startEntra()
    for (const path of ['oauth2/token', 'oauth2/v2.0/token']) {
      const response = await fetch(`${entra.idp.url}/${TENANT}/${path}`)
      expect(await response.json()).toMatchObject({ error: 'invalid_request', error_codes: [900561] })
    }
  })
})
