import { describe, expect, it } from 'vitest'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { ADA, APP, signIn, startEntra, TENANT } from '../support/entra_tenant.ts'

const BYE = 'https://app.example.test/bye'
const OTHER = 'c11e0000-0000-4000-8000-000000000003'
const FRAME = 'https://app.example.test/signed-out?of=app'

const start = (client: object = {}) => startEntra({ client: { post_logout_redirect_uris: [BYE], ...client } })
type Started = Awaited<ReturnType<typeof start>>

const logout = ({ app, idp }: Started, params: Record<string, string> = {}, path = 'oauth2/v2.0') =>
  app.browser.open(`${idp.url}/${TENANT}/${path}/logout?${new URLSearchParams(params)}`)

const isSignedIn = async ({ app }: Started) => 'code' in (await app.authorize({ prompt: 'none' }))

describe('Entra: logout', () => {
  it.each([
    ['v2', 'oauth2/v2.0', BYE],
    ['v1', 'oauth2', BYE],
    ['v2, at a redirect URI', 'oauth2/v2.0', CALLBACK],
  ])('needs nothing but a registered URI to go on to: %s', async (_how, path, uri) => {
    await using entra = await start()
    await signIn(entra.app)
    const page = await logout(entra, { post_logout_redirect_uri: uri, state: 'the state' }, path)
    expect(page.left?.href).toBe(`${uri}?state=the+state`)
    expect(await isSignedIn(entra)).toBe(false)
  })

  it('goes on without a session too', async () => {
    await using entra = await start()
    expect((await logout(entra, { post_logout_redirect_uri: BYE })).left?.href).toBe(BYE)
  })

  it('signs out, and stays, where the URI is registered by nobody', async () => {
    await using entra = await start()
    await signIn(entra.app)
    const page = await logout(entra, { post_logout_redirect_uri: 'https://evil.test/' })
    expect([page.status, page.left]).toEqual([200, undefined])
    expect(page.html).toContain('You are signed out</h1>')
    expect(page.html).toContain('You will not be sent back to the application.')
    expect(page.headers.get('x-mock-reason')).toBe('logout.redirect_uri')
    expect(await isSignedIn(entra)).toBe(false)
  })

  it('asks nobody, whatever came with it', async () => {
    await using entra = await start()
    for (const params of [{}, { logout_hint: ADA.username }, { id_token_hint: 'no.token.at-all' }]) {
      await signIn(entra.app)
      const page = await logout(entra, params as Record<string, string>)
      expect([page.status, page.html.includes('You are signed out</h1>')]).toEqual([200, true])
      expect(await isSignedIn(entra)).toBe(false)
    }
  })

  it('goes on though the hint is wrong', async () => {
    await using entra = await start()
    const page = await logout(entra, { id_token_hint: 'wrong', post_logout_redirect_uri: BYE })
    expect(page.left?.href).toBe(BYE)
  })

  it('tells the applications in frames, with sid and iss', async () => {
    const apps = [APP[0], OTHER].map((client_id, index) => ({
      client_id,
      client_secret: APP[1],
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [BYE],
      entra: { optional_claims: ['sid' as const] },
      ...(index === 0 && { frontchannel_logout_uri: FRAME }),
    }))
    await using entra = await startEntra({ config: { clients: apps } })
    const { id } = await signIn(entra.app)
    const other = await DiscoveringClient.at(entra.idp.issuer, OTHER, APP[1])
    const page = await entra.app.browser.open(
      `${other.url('end_session_endpoint')}?${new URLSearchParams({ post_logout_redirect_uri: BYE })}`,
    )
    const told = new URLSearchParams({ iss: entra.idp.issuer, sid: String(id['sid']) })
    expect(page.html).toContain(`<iframe src="${FRAME}&amp;${String(told).replaceAll('&', '&amp;')}"`)
    expect(page.html).toContain(`href="${BYE}"`)
  })
})
