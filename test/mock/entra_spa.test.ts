import { describe, expect, it } from 'vitest'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { ADA, APP, startEntra, TENANT } from '../support/entra_tenant.ts'
import { type Answer, post } from '../support/http.ts'

const ORIGIN = 'https://spa.example.test'
const SPA_URI = `${ORIGIN}/`
const SCOPE = 'openid profile offline_access'
const VERIFIER = 'a-code-verifier-of-forty-three-characters-and-more'

/** One application with a server and a page of scripts. */
const start = (more: object = {}) =>
  startEntra({ client: { entra: { spa_redirect_uris: [SPA_URI] }, ...more } })
const startPublic = () => start({ client_secret: undefined, token_endpoint_auth_method: 'none' })
type Started = Awaited<ReturnType<typeof start>>

const codeAt = async ({ app }: Started, redirect_uri: string, params: Record<string, string> = {}) => {
  const answer = await app.authorize({ redirect_uri, scope: SCOPE, ...params }, ADA.username)
  return String(answer['code'])
}

/** A second may pass between a request and its answer. */
const nearly = (seconds: number) => (value: number) => value <= seconds && value > seconds - 60

/** As a script asks, unless the origin is left out. */
const ask = ({ app }: Started, form: Record<string, string>, origin: string | undefined = ORIGIN) =>
  post(
    app.url('token_endpoint'),
    { client_id: APP[0], ...form },
    origin === '' ? {} : { origin: origin ?? '' },
  )

const redeem = async (started: Started, redirect_uri: string, origin?: string): Promise<Answer> => {
  const code = await codeAt(started, redirect_uri)
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: VERIFIER }
  return ask(started, form, origin)
}

describe('Entra: redirect URIs of the type single-page application', () => {
  it('have their codes redeemed by scripts, with a refresh token of a day', async () => {
    await using entra = await startPublic()
    const { status, body, headers } = await redeem(entra, SPA_URI)
    expect([status, body['error_description']]).toEqual([200, undefined])
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(body).toMatchObject({ refresh_token: expect.any(String) })
    expect(body['refresh_token_expires_in']).toSatisfy(nearly(86_400))
  })

  it('have no codes redeemed by programs: 9002327', async () => {
    await using entra = await startPublic()
    const { status, body } = await redeem(entra, SPA_URI, '')
    expect([status, body['error'], body['error_codes']]).toEqual([400, 'invalid_request', [9002327]])
  })

  it('are not the other ones, whose codes scripts cannot redeem: 9002326', async () => {
    await using entra = await startPublic()
    const { status, body } = await redeem(entra, CALLBACK)
    expect([status, body['error'], body['error_codes']]).toEqual([400, 'invalid_request', [9002326]])
    expect(body['error_description']).toContain(`Request origin: '${ORIGIN}'`)
    const server = await redeem(entra, CALLBACK, '')
    expect(server.status).toBe(200)
    expect(server.body).not.toHaveProperty('refresh_token_expires_in')
  })

  it('leave a code alone that was asked for in the wrong way', async () => {
    await using entra = await startPublic()
    const code = await codeAt(entra, SPA_URI)
    const form = { grant_type: 'authorization_code', code, redirect_uri: SPA_URI, code_verifier: VERIFIER }
    expect((await ask(entra, form, '')).status).toBe(400)
    expect((await ask(entra, form)).status).toBe(200)
  })

  it('need PKCE, of confidential clients too: 9002325', async () => {
    await using entra = await start()
    const without = { code_challenge: undefined, code_challenge_method: undefined }
    const request = (redirect_uri: string) => entra.app.request({ redirect_uri, scope: SCOPE, ...without })
    const refused = (await entra.app.browser.open(request(SPA_URI))).left
    expect(refused?.searchParams.get('error_description')).toMatch(/^AADSTS9002325: /)
    expect((await entra.app.browser.open(request(CALLBACK))).html).toContain('Sign in</h1>')
  })
})

describe('Entra: credentials of an application', () => {
  it.each(['authorization_code', 'client_credentials'])(
    'are refused with an Origin: %s',
    async (grant_type) => {
      await using entra = await start()
      const code = await codeAt(entra, SPA_URI)
      const form = {
        grant_type,
        code,
        redirect_uri: SPA_URI,
        code_verifier: VERIFIER,
        scope: `${APP[0]}/.default`,
      }
      const { status, body } = await ask(entra, { ...form, client_secret: APP[1] })
      expect([status, body['error'], body['error_codes']]).toEqual([400, 'invalid_request', [90023]])
    },
  )
})

describe('Entra: refresh tokens of scripts', () => {
  const refresh = (entra: Started, refresh_token: unknown, origin?: string) =>
    ask(entra, { grant_type: 'refresh_token', refresh_token: String(refresh_token), scope: SCOPE }, origin)

  it('end a day after the login, however often they are used: 700084', async () => {
    await using entra = await startPublic()
    let { refresh_token } = (await redeem(entra, SPA_URI)).body
    for (const left of [57_600, 28_800]) {
      await entra.idp.clock.advance('8h')
      const { body } = await refresh(entra, refresh_token)
      expect(body['refresh_token_expires_in']).toSatisfy(nearly(left))
      refresh_token = body['refresh_token']
    }
    await entra.idp.clock.advance('8h')
    const refused = await refresh(entra, refresh_token)
    expect(refused.body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [700084],
      suberror: 'bad_token',
    })
  })

  it('are theirs alone', async () => {
    await using entra = await startPublic()
    const script = (await redeem(entra, SPA_URI)).body['refresh_token']
    const server = (await redeem(entra, CALLBACK, '')).body['refresh_token']
    expect((await refresh(entra, script, '')).body).toMatchObject({ error_codes: [9002327] })
    expect((await refresh(entra, server)).body).toMatchObject({ error_codes: [9002326] })
    expect((await refresh(entra, server, '')).status).toBe(200)
  })

  it('of servers live on', async () => {
    await using entra = await startPublic()
    const { refresh_token } = (await redeem(entra, CALLBACK, '')).body
    await entra.idp.clock.advance('30d')
    expect((await refresh(entra, refresh_token, '')).status).toBe(200)
  })
})

describe('Entra: pages for scripts', () => {
  it('have no Cross-Origin-Opener-Policy, which would cut a popup off, and stand in no frame', async () => {
    await using entra = await startPublic()
    const { headers } = await entra.app.browser.open(entra.app.request({ redirect_uri: SPA_URI }))
    expect(headers.get('cross-origin-opener-policy')).toBeNull()
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('are none where prompt=none forbids them: the answer is always a redirect', async () => {
    await using entra = await startPublic()
    const at = await DiscoveringClient.at(`${entra.idp.url}/${TENANT}/v2.0`, ...APP)
    const params = {
      redirect_uri: SPA_URI,
      prompt: 'none',
      response_mode: 'fragment',
      login_hint: ADA.username,
    }
    const { left } = await at.browser.open(at.request(params))
    expect(left?.href.startsWith(`${SPA_URI}#error=login_required`)).toBe(true)
  })

  it('tolerate what else MSAL sends', async () => {
    await using entra = await startPublic()
    const more = {
      domain_hint: 'contoso.example',
      login_hint: ADA.username,
      max_age: '600',
      clidata: '1',
      pocd: '1',
    }
    for (const prompt of ['select_account', 'login', 'create'])
      expect(await codeAt(entra, SPA_URI, { ...more, prompt })).not.toBe('undefined')
  })
})
