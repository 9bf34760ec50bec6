import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ASSERTION_TYPE, assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { type Answer, basic, get, post } from '../support/http.ts'
import { bearer } from '../support/token.ts'

const OIDC = '/protocol/openid-connect'
const CREDENTIALS = ['orders', 's3cret'] as const
const FORM = { grant_type: 'client_credentials', client_id: CREDENTIALS[0], client_secret: CREDENTIALS[1] }
const SIGNED_JWT = 'Client authentication with signed JWT failed: '
const WRONG_CLIENT = 'Invalid client or Invalid client credentials'

const partner = await makeKey()
const realm = {
  dialect: 'keycloak@26' as const,
  id: 'shop',
  clients: [
    { client_id: CREDENTIALS[0], client_secret: CREDENTIALS[1], scope: 'email' },
    { client_id: 'spa', token_endpoint_auth_method: 'none' },
    { client_id: 'idle', client_secret: 's3cret', grant_types: [] },
    { client_id: 'partner', jwks: { keys: [partner.jwk] } },
  ],
}

const outcome = ({ status, body }: Answer) => [status, body['error'], body['error_description']]

/** The form without parameters that are empty here. */
function form(change: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...FORM, ...change }).filter(([, value]) => value !== ''))
}

describe('Keycloak: errors of the token endpoint', () => {
  it.each([
    [400, 'invalid_request', 'Missing form parameter: grant_type', { grant_type: '' }],
    [400, 'unsupported_grant_type', 'Unsupported grant_type', { grant_type: 'magic' }],
    [400, 'invalid_client', 'Missing client_id parameter', { client_id: '', client_secret: '' }],
    [401, 'invalid_client', WRONG_CLIENT, { client_id: 'nobody' }],
    [401, 'unauthorized_client', WRONG_CLIENT, { client_secret: 'wrong' }],
    [401, 'unauthorized_client', WRONG_CLIENT, { client_secret: '' }],
    [401, 'unauthorized_client', 'Public client not allowed to retrieve service account', spa()],
    [401, 'unauthorized_client', 'Client not enabled to retrieve service account', { client_id: 'idle' }],
    [400, 'invalid_scope', 'Invalid scopes: email other', { scope: 'email other' }],
    [400, 'invalid_client', 'Parameter client_assertion_type is missing', { client_assertion: 'a.b.c' }],
    [
      400,
      'invalid_client',
      `Parameter client_assertion_type has value 'jwt' but expected is '${ASSERTION_TYPE}'`,
      { client_assertion: 'a.b.c', client_assertion_type: 'jwt' },
    ],
    [400, 'invalid_client', 'client_assertion parameter missing', { client_assertion_type: ASSERTION_TYPE }],
  ] as const)('%i %s: %s', async (...[status, error, text, change]) => {
    await using idp = await startIdp(realm)
    const answer = await post(`${idp.issuer}${OIDC}/token`, form(change))
    expect(outcome(answer)).toEqual([status, error, text])
    expect(Object.keys(answer.body)).toEqual(['error', 'error_description'])
  })

  it('400 invalid_request: duplicated parameter', async () => {
    await using idp = await startIdp(realm)
    const answer = await post(`${idp.issuer}${OIDC}/token`, [
      ...Object.entries(FORM),
      ['client_id', 'orders'],
    ])
    expect(outcome(answer)).toEqual([400, 'invalid_request', 'duplicated parameter'])
  })

  it('sends no challenge with the 401 for wrong Basic credentials', async () => {
    await using idp = await startIdp(realm)
    const grant = { grant_type: 'client_credentials' }
    const answer = await post(`${idp.issuer}${OIDC}/token`, grant, basic(CREDENTIALS[0], 'wrong'))
    expect(outcome(answer)).toEqual([401, 'unauthorized_client', WRONG_CLIENT])
    expect(answer.headers.has('www-authenticate')).toBe(false)
  })

  it.each([
    ['exp', 1, 'Token is not active'],
    ['nbf', 4_000_000_000, 'Token is not active'],
    ['jti', undefined, 'Missing ID on the token'],
    ['sub', 'other', 'Issuer mismatch. The issuer should match the subject'],
  ])('400 invalid_client for an assertion whose %s is %s: %s', async (claim, value, text) => {
    await using idp = await startIdp(realm)
    const claims = { [claim]: value }
    const wrong = await assertion({ client: 'partner', aud: idp.issuer, key: partner.privateKey, claims })
    const answer = await post(`${idp.issuer}${OIDC}/token`, assertionForm(wrong))
    expect(outcome(answer)).toEqual([400, 'invalid_client', `${SIGNED_JWT}${text}`])
  })

  it('400 invalid_client for an assertion that another key signed', async () => {
    await using idp = await startIdp(realm)
    const { privateKey: key } = await makeKey()
    const url = `${idp.issuer}${OIDC}/token`
    const forged = await assertion({ client: 'partner', aud: idp.issuer, key })
    expect(outcome(await post(url, assertionForm(forged)))).toEqual([
      400,
      'invalid_client',
      `${SIGNED_JWT}Signature on JWT token failed validation`,
    ])
  })
})

describe('Keycloak: errors of the older versions', () => {
  it.each(['keycloak@16', 'keycloak@9', 'buypass'] as const)('%s has its own words', async (dialect) => {
    await using idp = await startIdp({ ...realm, dialect })
    const url = `${idp.issuer}${OIDC}/token`
    expect(outcome(await post(url, form({ client_secret: 'wrong' })))).toEqual([
      401,
      'unauthorized_client',
      'Invalid client secret',
    ])
    expect(outcome(await post(url, form({ client_secret: '' })))).toEqual([
      400,
      'unauthorized_client',
      'Client secret not provided in request',
    ])
    expect(outcome(await post(url, form({ client_id: 'nobody' })))).toEqual([
      400,
      'invalid_client',
      'Invalid client credentials',
    ])
    expect(outcome(await get(`${idp.issuer}${OIDC}/userinfo`, bearer('x')))).toEqual([
      401,
      'invalid_token',
      'Token verification failed',
    ])
  })
})

describe('Keycloak: errors of introspection and revocation', () => {
  it.each([
    ['introspect', 401, 'Authentication failed.', { client_secret: 'wrong' }],
    ['introspect', 401, 'Authentication failed.', { client_id: 'nobody' }],
    ['introspect', 401, 'Authentication failed.', { client_id: '', client_secret: '' }],
    ['introspect', 403, 'Client not allowed.', spa()],
    ['introspect', 400, 'Token not provided.', { token: '' }],
    ['revoke', 400, 'Token not provided', { token: '' }],
  ] as const)('%s: %i invalid_request %s', async (...[endpoint, status, text, change]) => {
    await using idp = await startIdp(realm)
    const path = endpoint === 'introspect' ? 'token/introspect' : endpoint
    const answer = await post(`${idp.issuer}${OIDC}/${path}`, form({ token: 'x', ...change }))
    expect(outcome(answer)).toEqual([status, 'invalid_request', text])
  })

  it('revoke: 400 invalid_request Unmatching clients for the token of another client', async () => {
    await using idp = await startIdp(realm)
    const token = await idp.token({ client: 'partner' })
    const answer = await post(`${idp.issuer}${OIDC}/revoke`, form({ token }))
    expect(outcome(answer)).toEqual([400, 'invalid_request', 'Unmatching clients'])
  })
})

describe('Keycloak: errors of userinfo stand in the challenge, and the body is empty', () => {
  it.each([
    [401, 'no token', {}, {}, 'Bearer realm="shop"'],
    [401, 'a bad token', bearer('x'), {}, failed('invalid_token', 'Token verification failed')],
    [400, 'two tokens', bearer('x'), { access_token: 'y' }, failed('invalid_request', twoTokens())],
  ] as const)('%i for %s', async (...[status, _what, headers, params, challenge]) => {
    await using idp = await startIdp(realm)
    const answer = await post(`${idp.issuer}${OIDC}/userinfo`, { ...params }, { ...headers })
    expect([answer.status, answer.text, answer.headers.get('www-authenticate')]).toEqual([
      status,
      '',
      challenge,
    ])
  })

  it('401 for an expired token', async () => {
    await using idp = await startIdp(realm)
    const token = await idp.token({ client: 'orders', lifetime: '1m' })
    expect((await get(`${idp.issuer}${OIDC}/userinfo`, bearer(token))).status).toBe(200)
    await idp.clock.advance('1m')
    const { status, text, headers } = await get(`${idp.issuer}${OIDC}/userinfo`, bearer(token))
    expect([status, text]).toEqual([401, ''])
    expect(headers.get('www-authenticate')).toBe(failed('invalid_token', 'Token verification failed'))
  })
})

describe('Keycloak: an unknown realm', () => {
  it.each(['/.well-known/openid-configuration', `${OIDC}/certs`, `${OIDC}/token`])(
    'is 404 at %s',
    async (path) => {
      await using idp = await startIdp(realm)
      const url = `${idp.url}/realms/nowhere${path}`
      const { status, body } = path.endsWith('token') ? await post(url, FORM) : await get(url)
      expect({ status, body }).toEqual({ status: 404, body: { error: 'Realm does not exist' } })
    },
  )
})

function spa() {
  return { client_id: 'spa', client_secret: '' }
}

function failed(error: string, why: string): string {
  return `Bearer realm="shop", error="${error}", error_description="${why}"`
}

function twoTokens(): string {
  return 'More than one method used for including an access token'
}
