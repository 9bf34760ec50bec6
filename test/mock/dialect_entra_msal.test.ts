import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const CLIENT_ID = 'c11e0000-0000-4000-8000-000000000001'

const startTenant = () =>
  startIdp({
    dialect: 'entra',
    id: TENANT,
    resources: [{ identifier: 'api://x', access_token: { version: 2 } }],
    clients: [{ client_id: CLIENT_ID, client_secret: 's3cr3t!' }],
  })
type Idp = Awaited<ReturnType<typeof startTenant>>

const TYPE = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }

/** As msal-node 7.2.1 was seen to send it: telemetry in the body, the request id there and in the query. */
function msalNode(idp: Idp, more = '') {
  const id = randomUUID()
  const body =
    `client_id=${CLIENT_ID}&scope=api%3A%2F%2Fx%2F.default&grant_type=client_credentials&x-client-SKU=msal.js.node` +
    '&x-client-VER=7.2.1&x-client-OS=linux&x-client-CPU=x64&x-ms-lib-capability=retry-after%2C%20h429' +
    '&x-client-current-telemetry=5|771,2,,,|,&x-client-last-telemetry=5|0|||0,0' +
    `&client-request-id=${id}&client_secret=s3cr3t!${more}`
  return post(`${idp.url}/${TENANT}/oauth2/v2.0/token?client-request-id=${id}`, body, TYPE)
}

/** As MSAL Python was seen to send it: telemetry in headers, spaces as +. */
function msalPython(idp: Idp, more: Record<string, string> = {}) {
  const form = {
    client_id: CLIENT_ID,
    grant_type: 'client_credentials',
    client_info: '1',
    client_secret: 's3cr3t!',
    scope: 'api://x/.default',
    ...more,
  }
  const headers = {
    'x-client-sku': 'MSAL.Python',
    'x-client-ver': '1.21.0',
    'x-client-os': 'linux',
    'x-client-cpu': 'x64',
    'x-ms-lib-capability': 'retry-after, h429',
    'client-request-id': randomUUID(),
    'x-client-current-telemetry': '4|730,0|',
    'x-client-last-telemetry': '4|0|||',
  }
  return post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, form, headers)
}

const CAE = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'

describe('Entra: client credentials as MSAL requests them', () => {
  it.each([
    ['MSAL Node', msalNode],
    ['MSAL Node with claims for CAE', (idp: Idp) => msalNode(idp, `&claims=${encodeURIComponent(CAE)}`)],
    ['MSAL Python with client_info', msalPython],
    ['MSAL Python with claims for CAE', (idp: Idp) => msalPython(idp, { claims: CAE.replace('cp1', 'CP1') })],
  ])('%s gets a v2 answer without scope, client_info or refresh token', async (_name, ask) => {
    await using idp = await startTenant()
    const answer = await ask(idp)
    expect(answer.status, answer.text).toBe(200)
    expect(Object.keys(answer.body)).toEqual(['token_type', 'expires_in', 'ext_expires_in', 'access_token'])
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 })
    expect(claimsOf(answer)).toMatchObject({ azp: CLIENT_ID, azpacr: '1', ver: '2.0' })
    expect(claimsOf(answer)).not.toHaveProperty('scp')
  })

  it('correlates an error with the request id that came', async () => {
    await using idp = await startTenant()
    const { body } = await msalNode(idp, '-wrong')
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [7000215] })
    const sent = await post(
      `${idp.url}/${TENANT}/oauth2/v2.0/token?client-request-id=11111111-2222-4333-8444-555555555555`,
      'grant_type=client_credentials',
      TYPE,
    )
    expect(sent.body['correlation_id']).toBe('11111111-2222-4333-8444-555555555555')
  })
})
