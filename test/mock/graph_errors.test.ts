import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ADA, CONFIG, graphToken, TENANT } from '../support/graph.ts'
import { get, post } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'
import { bearer } from '../support/token.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const AUDIENCE = 'https://graph.microsoft.com'

describe('Microsoft Graph: refusals', () => {
  it('have the form of OData, and a challenge where a token is missing', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, headers, body } = await get(`${idp.url}/v1.0/me`)
    const id = headers.get('request-id')
    expect(status).toBe(401)
    expect(body).toEqual({
      error: {
        code: 'InvalidAuthenticationToken',
        message: 'Access token is empty.',
        innerError: {
          date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
          'request-id': expect.stringMatching(GUID),
          'client-request-id': id,
        },
      },
    })
    expect(headers.get('www-authenticate')).toBe(
      `Bearer realm="", authorization_uri="${idp.url}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`,
    )
  })

  it('and answers repeat the id that the client gave its request', async () => {
    await using idp = await startIdp(CONFIG)
    const sent = { 'client-request-id': 'c0000000-0000-4000-8000-000000000001' }
    for (const headers of [sent, { ...sent, ...(await graphToken(idp, ADA)) }]) {
      const answer = await get(`${idp.url}/v1.0/me`, headers)
      expect(answer.headers.get('client-request-id')).toBe(sent['client-request-id'])
      expect(answer.headers.get('request-id')).toMatch(GUID)
      expect(answer.headers.get('request-id')).not.toBe(sent['client-request-id'])
    }
  })

  it('say which audience a token has that is for somebody else', async () => {
    await using idp = await startIdp(CONFIG)
    const token = await idp.token({ client: 'web', user: ADA, audience: 'api://orders' })
    const { status, headers, body } = await get(`${idp.url}/v1.0/me`, bearer(token))
    expect([status, body['error']]).toMatchObject([
      401,
      {
        code: 'InvalidAuthenticationToken',
        message: expect.stringMatching(
          /^Access token validation failure\. Invalid audience\. .*api:\/\/orders/,
        ),
      },
    ])
    expect(headers.get('x-mock-reason')).toBe('token.invalid')
  })

  it('are for tokens that expired, that nobody here signed, and that are none', async () => {
    await using idp = await startIdp(CONFIG)
    await using stranger = await startIdp({ ...CONFIG, keys: [{ alg: 'RS256' }] })
    const headers = await graphToken(idp, ADA)
    const strange = await graphToken(stranger, ADA)
    const messageOf = async (sent: Record<string, string>) => {
      const { status, body } = await get(`${idp.url}/v1.0/me`, sent)
      const { code, message } = body['error'] as Record<string, string>
      expect([status, code]).toEqual([401, 'InvalidAuthenticationToken'])
      return message
    }
    expect(await messageOf(strange)).toContain('no key of this provider made its signature')
    expect(await messageOf(bearer('not-a-token'))).toContain('unknown here')
    expect(await messageOf(bearer('e30.W10.x'))).toContain("not one of this provider's")
    await idp.clock.advance('25h')
    expect(await messageOf(headers)).toBe('Lifetime validation failed, the token is expired.')
  })

  it('are for an application that asks who it is', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(`${idp.url}/v1.0/me`, await graphToken(idp))
    expect([status, body['error']]).toMatchObject([
      400,
      { code: 'BadRequest', message: '/me request is only valid with delegated authentication flow.' },
    ])
  })

  it('are for an application without a role to read others, unless strictness lets it', async () => {
    await using idp = await startIdp(CONFIG)
    const url = `/v1.0/users/${ADA}`
    expect((await get(`${idp.url}${url}`, await graphToken(idp))).status).toBe(200)
    const idle = await idp.token({ client: 'idle', audience: AUDIENCE })
    for (const path of [url, `${url}/memberOf`, '/v1.0/organization']) {
      const { status, body } = await get(`${idp.url}${path}`, bearer(idle))
      expect([path, status, body['error']]).toMatchObject([
        path,
        403,
        { code: 'Authorization_RequestDenied' },
      ])
    }
    await using lax = await startIdp({ ...CONFIG, strictness: { scope: 'lax' } })
    const token = await lax.token({ client: 'idle', audience: AUDIENCE })
    expect((await get(`${lax.url}${url}`, bearer(token))).status).toBe(200)
  })

  it('are 404 for whom nobody knows', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(`${idp.url}/v1.0/users/nobody`, await graphToken(idp, ADA))
    expect([status, body['error']]).toMatchObject([404, { code: 'Request_ResourceNotFound' }])
  })

  it.each(['a%2Fb', '%2F', 'a%2Fphoto%2F$value', '%FF', '..%2F..'])(
    'are 404 for the name %s too',
    async (name) => {
      await using idp = await startIdp(CONFIG)
      const answer = await get(`${idp.url}/v1.0/users/${name}`, await graphToken(idp))
      expect([answer.status, answer.body['error']]).toMatchObject([404, { code: 'Request_ResourceNotFound' }])
    },
  )

  it.each([
    ['GET', '/v1.0'],
    ['GET', '/v1.0/me/messages'],
    ['GET', '/beta/users'],
    ['POST', '/v1.0/me'],
    ['GET', '/v1.0/me/getMemberObjects'],
    ['GET', "/v1.0/me/memberOf?$filter=displayName eq 'x'"],
  ])('are 501 for %s %s, which is not served here', async (method, path) => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    const url = encodeURI(`${idp.url}${path}`)
    const { status, body } = method === 'GET' ? await get(url, headers) : await post(url, {}, headers)
    expect([status, body['error']]).toMatchObject([
      501,
      { code: 'NotImplemented', message: expect.stringContaining('is not part of this test double') },
    ])
  })

  it('are 405 for methods that change something', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    const answer = await fetch(`${idp.url}/v1.0/me`, { method: 'PATCH', headers })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })
})

describe('Microsoft Graph: hosts', () => {
  it('is the same where the tenant answers for the host of Graph', async () => {
    await using idp = await startIdp({ ...CONFIG, hosts: ['graph.microsoft.com'] })
    const token = await graphToken(idp, ADA)
    const { port } = new URL(idp.url)
    const headers = { ...token, host: 'graph.microsoft.com' }
    const { status, body } = await requestAs({ port: Number(port), path: '/v1.0/me', headers })
    expect([status, body['userPrincipalName']]).toEqual([200, ADA])
  })

  it('is not served without a tenant of Entra', async () => {
    await using idp = await startIdp()
    for (const path of ['/v1.0/me', '/oidc/userinfo', `/${TENANT}/users/x/getMemberObjects`])
      expect([path, (await get(`${idp.url}${path}`)).status]).toEqual([path, 404])
  })
})
