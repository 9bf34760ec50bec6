import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { Browser, DEVICE_CODE, decide } from '../support/device.ts'
import { decode, get, post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const CLI = 'c11e0000-0000-4000-8000-000000000001'
const API = { identifier: 'api://orders', id: '0e50ace0-0000-4000-8000-000000000002' }

const start = (more: ConfigInput = {}) =>
  startIdp({
    dialect: 'entra',
    id: TENANT,
    users: [{ username: 'ada@contoso.example', name: 'Ada Lovelace' }],
    resources: [{ ...API, scopes: ['read'], access_token: { version: 2 } }],
    clients: [
      { client_id: CLI, client_name: 'CLI', grant_types: [DEVICE_CODE, 'refresh_token'] },
      { client_id: `${CLI.slice(0, -1)}2`, grant_types: [DEVICE_CODE] },
    ],
    ...more,
  } as ConfigInput)
type Idp = Awaited<ReturnType<typeof start>>

const v2 = ({ url }: Idp) => `${url}/${TENANT}/oauth2/v2.0`
const v1 = ({ url }: Idp) => `${url}/${TENANT}/oauth2`

const SCOPE = 'api://orders/read openid profile offline_access'

const begin = (idp: Idp, form: Record<string, string> = {}) =>
  post(`${v2(idp)}/devicecode`, { client_id: CLI, scope: SCOPE, ...form })

/** As MSAL for JavaScript polls: the grant by its short name, and the scope once more. */
const pollAsNode = (idp: Idp, device_code: unknown, form: Record<string, string> = {}) =>
  post(`${v2(idp)}/token`, {
    client_id: CLI,
    scope: SCOPE,
    grant_type: 'device_code',
    device_code: String(device_code),
    ...form,
  })

const ada = { user: 'ada@contoso.example' }

describe('Entra: device code', () => {
  it('answers v2 as MSAL reads it, with the page where the code is typed in a message', async () => {
    await using idp = await start()
    const { status, body } = await begin(idp)
    const verification_uri = `${v1(idp)}/deviceauth`
    expect(status).toBe(200)
    expect(body).toEqual({
      user_code: expect.stringMatching(/^[A-Z0-9]{9}$/),
      device_code: expect.any(String),
      verification_uri,
      expires_in: 900,
      interval: 5,
      message: `To sign in, use a web browser to open the page ${verification_uri} and enter the code ${String(body['user_code'])} to authenticate.`,
    })
    const metadata = await get(`${idp.url}/${TENANT}/v2.0/.well-known/openid-configuration`)
    expect(metadata.body['device_authorization_endpoint']).toBe(`${v2(idp)}/devicecode`)
  })

  it('answers v1 with numbers as text', async () => {
    await using idp = await start()
    const { body } = await post(`${v1(idp)}/devicecode`, { client_id: CLI, resource: API.identifier })
    const verification_url = `${v1(idp)}/devicelogin`
    expect(body).toEqual({
      user_code: expect.stringMatching(/^[A-Z0-9]{9}$/),
      device_code: expect.any(String),
      verification_url,
      expires_in: '900',
      interval: '5',
      message: expect.stringContaining(verification_url),
    })
  })

  it('gives tokens to MSAL for JavaScript, which calls the grant device_code', async () => {
    await using idp = await start()
    const { body } = await begin(idp)
    expect((await decide(body, ada)).html).toContain('Device connected')
    const answer = await pollAsNode(idp, body['device_code'], { client_info: '1' })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({
      scope: 'api://orders/read openid profile',
      refresh_token: expect.any(String),
      client_info: expect.any(String),
    })
    expect(claimsOf(answer)).toMatchObject({ aud: API.id, scp: 'read', azpacr: '0', ver: '2.0' })
    const { claims } = decode(String(answer.body['id_token']))
    expect(claims).toMatchObject({ aud: CLI, preferred_username: ada.user })
  })

  it('gives them to MSAL for Python, which sends code too and no scope', async () => {
    await using idp = await start()
    const { body } = await begin(idp)
    await decide(body, ada)
    const device_code = String(body['device_code'])
    const form = { client_id: CLI, grant_type: DEVICE_CODE, device_code, code: device_code, client_info: '1' }
    const answer = await post(`${v2(idp)}/token`, form)
    expect(answer.status, answer.text).toBe(200)
    expect(claimsOf(answer)).toMatchObject({ aud: API.id, scp: 'read' })
  })

  it('gives them at v1, where the device code is the code', async () => {
    await using idp = await start()
    const { body } = await post(`${v1(idp)}/devicecode`, { client_id: CLI, resource: API.identifier })
    await decide({ verification_uri: body['verification_url'], user_code: body['user_code'] }, ada)
    const form = { client_id: CLI, grant_type: 'device_code', code: String(body['device_code']) }
    const answer = await post(`${v1(idp)}/token`, { ...form, resource: API.identifier })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ resource: API.identifier, refresh_token: expect.any(String) })
  })

  it('takes the code in any letters, and lifetimes.device_code', async () => {
    await using idp = await start({ lifetimes: { device_code: '2m' } })
    const { body } = await begin(idp)
    expect(body['expires_in']).toBe(120)
    await decide({ ...body, user_code: String(body['user_code']).toLowerCase() }, ada)
    expect((await pollAsNode(idp, body['device_code'])).status).toBe(200)
  })
})

describe('Entra: device code errors', () => {
  const refusal = ({ status, body }: Awaited<ReturnType<typeof pollAsNode>>) => [
    status,
    body['error'],
    body['error_codes'],
  ]

  it('knows authorization_pending, however often it is asked', async () => {
    await using idp = await start()
    const { device_code } = (await begin(idp)).body
    for (const reason of ['device.pending', 'device.too_fast']) {
      const answer = await pollAsNode(idp, device_code)
      expect(refusal(answer)).toEqual([400, 'authorization_pending', [70016]])
      expect(answer.headers.get('x-mock-reason')).toBe(reason)
    }
  })

  it('tells what was declined, what expired and what is no code from each other', async () => {
    await using idp = await start()
    const [declined, late] = [await begin(idp), await begin(idp)].map(({ body }) => body)
    await decide(declined ?? {}, { ...ada, action: 'deny' })
    expect(refusal(await pollAsNode(idp, declined?.['device_code']))).toEqual([
      400,
      'authorization_declined',
      [70000],
    ])
    expect(refusal(await pollAsNode(idp, 'nonsense'))).toEqual([400, 'bad_verification_code', [70018]])
    await idp.clock.advance('15m')
    expect(refusal(await pollAsNode(idp, late?.['device_code']))).toEqual([400, 'expired_token', [70019]])
  })

  it('gives a code to nobody else, and not twice', async () => {
    await using idp = await start()
    const { body } = await begin(idp)
    await decide(body, ada)
    const other = await pollAsNode(idp, body['device_code'], { client_id: `${CLI.slice(0, -1)}2` })
    expect(refusal(other)).toEqual([400, 'invalid_grant', [70000]])
    expect((await pollAsNode(idp, body['device_code'])).status).toBe(200)
    expect(refusal(await pollAsNode(idp, body['device_code']))).toEqual([400, 'invalid_grant', [54005]])
  })

  it('refuses a scope that nobody declares when the device asks', async () => {
    await using idp = await start()
    expect(refusal(await begin(idp, { scope: 'api://orders/write' }))).toEqual([
      400,
      'invalid_scope',
      [70011],
    ])
  })

  it('refuses a wrong code on the page', async () => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    const page = await browser.open(`${v1(idp)}/deviceauth`)
    const again = await browser.submit(page, { user_code: 'ABCDEFGHJ' })
    expect([again.status, again.headers.get('x-mock-reason')]).toEqual([400, 'device.user_code'])
  })
})
