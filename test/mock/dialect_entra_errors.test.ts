import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ASSERTION_TYPE } from '../support/assertion.ts'
import { type Answer, answerOf, basic, get, post } from '../support/http.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const API = 'api://orders'
const CONFIDENTIAL = { client_id: 'c11e0000-0000-4000-8000-000000000001', client_secret: 's3cret' }
const PUBLIC = 'c11e0000-0000-4000-8000-000000000002'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const startTenant = () =>
  startIdp({
    dialect: 'entra',
    id: TENANT,
    resources: [{ identifier: API }],
    clients: [CONFIDENTIAL, { client_id: PUBLIC, token_endpoint_auth_method: 'none' }],
  })

const v2 = { grant_type: 'client_credentials', ...CONFIDENTIAL, scope: `${API}/.default` }

/** The form without parameters that are empty here. */
function form(change: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...v2, ...change }).filter(([, value]) => value !== ''))
}

function outcome({ status, body }: Answer) {
  return { status, error: body['error'], error_codes: body['error_codes'] }
}

describe('Entra: errors of the v2 token endpoint', () => {
  it.each([
    [[900144, 400, 'invalid_request'], "parameter: 'grant_type'", { grant_type: '' }],
    [[900144, 400, 'invalid_request'], "parameter: 'scope'", { scope: '' }],
    [[900144, 400, 'invalid_request'], "parameter: 'client_id'", { client_id: '', client_secret: '' }],
    [[7000218, 401, 'invalid_client'], "'client_assertion' or 'client_secret'", { client_secret: '' }],
    [[7000218, 401, 'invalid_client'], "'client_assertion' or 'client_secret'", publicClient()],
    [[7000218, 401, 'invalid_client'], "'client_assertion' or 'client_secret'", typeOnly()],
    [
      [7000215, 401, 'invalid_client'],
      `for a secret added to app '${CONFIDENTIAL.client_id}'`,
      wrongSecret(),
    ],
    [[700025, 401, 'invalid_client'], 'Client is public', { client_id: PUBLIC }],
    [[700016, 400, 'unauthorized_client'], "Application with identifier 'nobody'", { client_id: 'nobody' }],
    [[500011, 400, 'invalid_resource'], 'named api://nothing', { scope: 'api://nothing/.default' }],
    [[1002012, 400, 'invalid_scope'], 'scope api://orders/read', { scope: `${API}/read` }],
    [
      [1002012, 400, 'invalid_scope'],
      'scope api://orders/.default openid',
      { scope: `${API}/.default openid` },
    ],
    [[70003, 400, 'unsupported_grant_type'], "grant type 'magic'", { grant_type: 'magic' }],
    [[50027, 401, 'invalid_client'], 'malformed', assertion({ client_assertion: 'no.jwt' })],
    [[50027, 401, 'invalid_client'], 'malformed', assertion({ client_assertion_type: 'jwt' })],
  ] as const)('%j: %s', async ([code, status, error], text, change) => {
    await using idp = await startTenant()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, form(change))
    expect(outcome(answer)).toEqual({ status, error, error_codes: [code] })
    expect(answer.body['error_description']).toContain(`AADSTS${code}: `)
    expect(answer.body['error_description']).toContain(text)
    expect(answer.headers.get('x-ms-clitelem')).toBe(`1,${code},0,,`)
  })

  it('AADSTS900144 for parameters in JSON or in the query string', async () => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/v2.0/token`
    const headers = { 'content-type': 'application/json' }
    const json = await fetch(url, { method: 'POST', headers, body: JSON.stringify(v2) })
    const query = await fetch(`${url}?${new URLSearchParams(v2)}`, { method: 'POST' })
    for (const answer of [await answerOf(json), await answerOf(query)])
      expect(outcome(answer)).toEqual({ status: 400, error: 'invalid_request', error_codes: [900144] })
  })

  it('AADSTS9002313 for a parameter that comes twice, and for two ways to authenticate', async () => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/v2.0/token`
    const twice = await post(url, [...Object.entries(v2), ['scope', v2.scope]])
    const both = await post(url, v2, basic(CONFIDENTIAL.client_id, CONFIDENTIAL.client_secret))
    for (const answer of [twice, both])
      expect(outcome(answer)).toEqual({ status: 400, error: 'invalid_request', error_codes: [9002313] })
  })

  it('AADSTS900561 for a method other than POST', async () => {
    await using idp = await startTenant()
    const answer = await get(`${idp.url}/${TENANT}/oauth2/v2.0/token`)
    expect(outcome(answer)).toEqual({ status: 405, error: 'invalid_request', error_codes: [900561] })
    expect(answer.headers.get('allow')).toBe('POST')
  })
})

describe('Entra: errors of the v1 token endpoint', () => {
  it.each([
    [50001, 'a missing resource', { scope: '' }],
    [50001, 'a scope in place of the resource', {}],
    [500011, 'an unknown resource', { resource: 'https://nothing.example' }],
  ] as const)('AADSTS%i for %s', async (code, _what, change) => {
    await using idp = await startTenant()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/token`, form(change))
    expect(outcome(answer)).toEqual({ status: 400, error: 'invalid_resource', error_codes: [code] })
  })
})

describe('Entra: errors about the tenant', () => {
  it.each(['/v2.0/.well-known/openid-configuration', '/.well-known/openid-configuration'])(
    'AADSTS90002 at %s of an unknown one',
    async (path) => {
      await using idp = await startTenant()
      const answer = await get(`${idp.url}/fabrikam.onmicrosoft.com${path}`)
      expect(outcome(answer)).toEqual({ status: 400, error: 'invalid_tenant', error_codes: [90002] })
      expect(answer.body['error_description']).toMatch(/^AADSTS90002: Tenant 'fabrikam.onmicrosoft.com' not/)
    },
  )

  it('AADSTS90002 at the token endpoints of an unknown one', async () => {
    await using idp = await startTenant()
    for (const path of ['oauth2/token', 'oauth2/v2.0/token']) {
      const answer = await post(`${idp.url}/fabrikam/${path}`, v2)
      expect(outcome(answer)).toEqual({ status: 400, error: 'invalid_tenant', error_codes: [90002] })
    }
  })
})

describe('Entra: the envelope of an error', () => {
  const wrong = { ...v2, ...wrongSecret() }

  it('has the members of the real service, which agree with its text and headers', async () => {
    await using idp = await startTenant()
    const { body, headers } = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, wrong)
    expect(Object.keys(body)).toEqual(
      'error error_description error_codes timestamp trace_id correlation_id error_uri'.split(' '),
    )
    expect(body).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: headers.get('x-ms-request-id'),
      correlation_id: expect.stringMatching(UUID),
      error_uri: 'https://login.microsoftonline.com/error?code=7000215',
    })
    expect(body['error_description']).toContain(
      ` Trace ID: ${body['trace_id']} Correlation ID: ${body['correlation_id']} Timestamp: ${body['timestamp']}`,
    )
    expect(headers.get('cache-control')).toBe('no-store, no-cache')
  })

  it('echoes client-request-id of the body, the query or the header as correlation_id', async () => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/v2.0/token`
    const id = crypto.randomUUID()
    const inBody = await post(url, { ...wrong, 'client-request-id': id })
    const inQuery = await post(`${url}?client-request-id=${id}`, wrong)
    const inHeader = await post(url, wrong, { 'client-request-id': id })
    for (const { body } of [inBody, inQuery, inHeader]) expect(body['correlation_id']).toBe(id)
  })

  it('keeps to the characters of RFC 6749 §5.2 whatever the client sent', async () => {
    await using idp = await startTenant()
    const { body } = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, form({ client_id: 'a"b\\c\r\né' }))
    expect(body['error_description']).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    expect(body['error_codes']).toEqual([700016])
  })
})

function wrongSecret() {
  return { client_secret: 'wrong' }
}

function publicClient() {
  return { client_id: PUBLIC, client_secret: '' }
}

function typeOnly() {
  return { client_secret: '', client_assertion_type: ASSERTION_TYPE }
}

function assertion(change: Record<string, string>) {
  return { client_secret: '', client_assertion_type: ASSERTION_TYPE, client_assertion: 'x', ...change }
}
