import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { Browser } from '../support/browser.ts'
import { ask } from '../support/control_calls.ts'
import { clientAt, startCloud } from '../support/entra_cloud.ts'
import { decode } from '../support/http.ts'
import { nextLogin } from '../support/next_login.ts'
import { startCodeFlow } from '../support/relying_party.ts'
import { appNamed, idTokenAt, isSignedIn, startReceiver, USERS } from '../support/sign_out.ts'

type Session = Record<'sid' | 'user' | 'auth_time' | 'expires', string> & { readonly clients: string[] }

async function sessions({ url }: { readonly url: string }, tenant = ''): Promise<Session[]> {
  const query = tenant === '' ? '' : `?tenant=${tenant}`
  return (await ask('GET', `${url}/_mock/sessions${query}`)).body['items'] as Session[]
}

const end = ({ url }: { readonly url: string }, sid = '', tenant = '') =>
  ask('DELETE', `${url}/_mock/sessions${sid && `/${sid}`}${tenant && `?tenant=${tenant}`}`)

describe('/_mock/sessions', () => {
  it('lists who is signed in, at which clients, since when and until when', async () => {
    await using op = await startCodeFlow()
    const { url } = op.idp
    await ask('POST', `${url}/_mock/clock`, { set: '2030-01-01T00:00:00Z', freeze: true })
    const { id } = await op.rp.login()
    expect(await sessions(op.idp)).toEqual([
      {
        sid: id['sid'],
        user: 'alice',
        clients: ['client'],
        auth_time: '2030-01-01T00:00:00.000Z',
        expires: '2030-01-01T08:00:00.000Z',
      },
    ])
    await ask('POST', `${url}/_mock/clock`, { advance: '8h' })
    expect(await sessions(op.idp)).toEqual([])
  })

  it('shows no cookie', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    const { text } = await ask('GET', `${op.idp.url}/_mock/sessions`)
    const [[, cookie = ''] = []] = [...op.rp.browser.cookies]
    const [sid = '', secret = ''] = cookie.split('.')
    expect([text.includes(sid), text.includes(secret), secret.length > 20]).toEqual([true, false, true])
  })

  it('ends one: its cookie and its refresh tokens are worth nothing, those of others are', async () => {
    await using op = await startCodeFlow({ scope: 'openid offline_access' })
    const { id, tokens } = await op.rp.login()
    const offline = await op.rp.login({ scope: 'openid offline_access' })
    const other = new Browser(op.idp.issuer)
    await nextLogin(op.idp, { user: 'bob' })
    await other.open(op.rp.url())
    const { status, body } = await end(op.idp, String(id['sid']))
    expect([status, body]).toEqual([200, { ended: 1, trouble: [] }])
    expect((await sessions(op.idp)).map(({ user }) => user)).toEqual(['bob'])
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))).toMatchObject({ error: 'login_required' })
    expect((await op.rp.refresh(tokens?.['refresh_token'])).body).toMatchObject({ error: 'invalid_grant' })
    expect((await op.rp.refresh(offline.tokens?.['refresh_token'])).status).toBe(200)
    expect((await other.open(op.rp.url({ prompt: 'none' }))).left?.searchParams.has('code')).toBe(true)
  })

  it('tells the clients by back-channel logout, and whom it could not tell', async () => {
    await using app = await startReceiver()
    const nowhere = { backchannel_logout_uri: 'http://127.0.0.1:9/logout' }
    await using idp = await startIdp({
      users: USERS,
      clients: [appNamed('app', { backchannel_logout_uri: app.url }), appNamed('gone', nowhere)],
    })
    const browser = new Browser(idp.url)
    const { claims } = decode(await idTokenAt(browser, idp))
    await idTokenAt(browser, { ...idp, client_id: 'gone' })
    const { body } = await end(idp)
    expect(body).toEqual({ ended: 1, trouble: [expect.stringMatching(/^client gone was not told/)] })
    const [token = ''] = app.tokens()
    expect(decode(token).claims).toMatchObject({ sid: claims['sid'], iss: idp.issuer, aud: 'app' })
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('answers 404 for one that is not there, and for one that has ended', async () => {
    await using op = await startCodeFlow()
    const { id } = await op.rp.login()
    await end(op.idp, String(id['sid']))
    for (const sid of ['none', String(id['sid'])]) {
      const { status, body } = await end(op.idp, sid)
      expect([status, body['detail']]).toEqual([
        404,
        `there is no session ${sid}; it may have ended or run out`,
      ])
    }
  })

  it('knows of no session of another tenant, also where tenants share users', async () => {
    await using idp = await startCloud()
    const sids: string[] = []
    for (const [tenant, user] of [
      ['contoso', 'ada@contoso.example'],
      ['fabrikam', 'bob@fabrikam.example'],
    ] as const) {
      const app = await clientAt(idp, 'common')
      await nextLogin(idp, { user }, tenant)
      await app.authorize()
      const [session] = await sessions(idp, tenant)
      expect(session?.user).toBe(user)
      sids.push(session?.sid ?? '')
    }
    expect((await end(idp, sids[1], 'contoso')).status).toBe(404)
    expect((await end(idp, '', 'contoso')).body).toMatchObject({ ended: 1 })
    expect([await sessions(idp, 'contoso'), await sessions(idp, 'fabrikam')]).toMatchObject([
      [],
      [{ sid: sids[1] }],
    ])
  })

  it('is about a sandbox alone, where one is named', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    const { id } = (await ask('POST', `${op.idp.url}/_mock/sandboxes`)).body
    expect(await sessions(op.idp, String(id))).toEqual([])
    expect((await end(op.idp, '', String(id))).body).toEqual({ ended: 0, trouble: [] })
    expect(await sessions(op.idp)).toHaveLength(1)
  })
})
