import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { BOX, Browser, begin, decide, poll, startDevices, typeCode } from '../support/device.ts'
import { APP, SECRET as CLOUD_SECRET, clientAt, startCloud } from '../support/entra_cloud.ts'
import { basic, post, requestToken } from '../support/http.ts'
import { isActive } from '../support/key_calls.ts'
import { nextLogin } from '../support/next_login.ts'
import { SECRET, startCodeFlow } from '../support/relying_party.ts'

type Grant = Record<'id' | 'kind' | 'client_id' | 'expires', string> & { user?: string; scope?: string }
type At = { readonly url: string }

async function grants({ url }: At, tenant = ''): Promise<Grant[]> {
  const query = tenant && `?tenant=${tenant}`
  return (await ask('GET', `${url}/_mock/grants${query}`)).body['items'] as Grant[]
}

const kinds = async (idp: At, tenant = '') => (await grants(idp, tenant)).map(({ kind }) => kind)

const revoke = ({ url }: At, id = '', tenant = '') =>
  ask('DELETE', `${url}/_mock/grants${id && `/${id}`}${tenant && `?tenant=${tenant}`}`)

const start = () => startCodeFlow({ scope: 'openid profile' })

describe('/_mock/grants', () => {
  it('follows a login: a code, then what it was exchanged for, then what that was refreshed to', async () => {
    await using op = await start()
    await ask('POST', `${op.idp.url}/_mock/clock`, { set: '2030-01-01T00:00:00Z', freeze: true })
    const answer = await op.rp.authorize({ scope: 'openid profile' })
    const [code, another] = await grants(op.idp)
    expect([code, another]).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{24}$/),
        kind: 'code',
        client_id: 'client',
        user: 'alice',
        scope: 'openid profile',
        expires: '2030-01-01T00:01:00.000Z',
      },
      undefined,
    ])
    const { body } = await op.rp.redeem(answer)
    expect(await kinds(op.idp)).toEqual(['refresh_token', 'access_token'])
    const [before] = await grants(op.idp)
    await op.rp.refresh(body['refresh_token'])
    const [after, ...tokens] = await grants(op.idp)
    expect([after?.kind, after?.id === before?.id, tokens.length]).toEqual(['refresh_token', false, 2])
  })

  it('leaves out what ran out', async () => {
    await using op = await start()
    await op.rp.authorize()
    await op.idp.clock.advance('1h')
    expect(await grants(op.idp)).toEqual([])
  })

  it('shows none of the secrets, and an id that opens nothing', async () => {
    await using op = await start()
    const { code = '' } = await op.rp.authorize()
    const { tokens } = await op.rp.login()
    const { text } = await ask('GET', `${op.idp.url}/_mock/grants`)
    for (const secret of [code, tokens?.['refresh_token'], tokens?.['access_token']])
      expect(text).not.toContain(String(secret).slice(0, 12))
    for (const { id } of await grants(op.idp)) {
      expect((await op.rp.redeem({ code: id })).body).toMatchObject({ error: 'invalid_grant' })
      expect((await op.rp.refresh(id)).body).toMatchObject({ error: 'invalid_grant' })
    }
  })

  it('revokes a refresh token with all that came of the same login, and nothing else', async () => {
    await using op = await start()
    const [one, other] = [await op.rp.login(), await op.rp.login()]
    const [refresh] = await grants(op.idp)
    expect((await revoke(op.idp, refresh?.id)).status).toBe(204)
    expect((await op.rp.refresh(one.tokens?.['refresh_token'])).body).toMatchObject({
      error: 'invalid_grant',
    })
    expect((await op.rp.userinfo(one.access_token)).status).toBe(401)
    expect((await op.rp.userinfo(other.access_token)).status).toBe(200)
    expect((await op.rp.refresh(other.tokens?.['refresh_token'])).status).toBe(200)
    expect((await revoke(op.idp, refresh?.id)).status).toBe(404)
  })

  it('revokes a code before it is redeemed', async () => {
    await using op = await start()
    const answer = await op.rp.authorize()
    const [code] = await grants(op.idp)
    await revoke(op.idp, code?.id)
    expect((await op.rp.redeem(answer)).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('revokes all of them', async () => {
    await using op = await start()
    const { access_token } = await op.rp.login()
    await op.rp.authorize()
    expect((await revoke(op.idp)).status).toBe(204)
    expect([await grants(op.idp), (await op.rp.userinfo(access_token)).status]).toEqual([[], 401])
    expect(await op.rp.login()).toHaveProperty('id')
  })

  it('has opaque tokens of a client as well', async () => {
    const client = {
      client_id: 'batch',
      client_secret: 's3cret',
      access_token: { format: 'opaque' as const },
    }
    const config: ConfigInput = {
      clients: [client],
      resources: [{ identifier: 'api://a', scopes: ['read'] }],
    }
    await using idp = await startIdp(config)
    const token = await requestToken(idp.issuer, ['batch', 's3cret'])
    expect(await isActive(idp.issuer, token, ['batch', 's3cret'])).toBe(true)
    const [grant] = await grants(idp)
    expect(grant).toMatchObject({ kind: 'access_token', client_id: 'batch' })
    expect(grant).not.toHaveProperty('user')
    await revoke(idp, grant?.id)
    expect(await isActive(idp.issuer, token, ['batch', 's3cret'])).toBe(false)
  })

  it('leaves out an access token that was revoked by itself', async () => {
    await using op = await start()
    const { access_token } = await op.rp.login()
    await post(`${op.idp.issuer}/revoke`, { token: String(access_token) }, basic('client', SECRET))
    expect(await kinds(op.idp)).toEqual(['refresh_token'])
  })
})

describe('/_mock/grants of devices', () => {
  it('lists one that waits, then who let it in, and nothing when its code is used', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, { scope: 'read' }, BOX)
    const [waits] = await grants(idp)
    expect(waits).toMatchObject({ kind: 'device_code', client_id: 'box', scope: 'read' })
    expect(waits).not.toHaveProperty('user')
    await decide(body)
    expect(await grants(idp)).toMatchObject([{ id: waits?.id, user: 'alice' }])
    await poll(idp.issuer, body['device_code'], {}, BOX)
    expect(await kinds(idp)).toEqual(['refresh_token', 'access_token'])
  })

  it.each([false, true])('denies one that is revoked, decided about already: %s', async (isDecided) => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, {}, BOX)
    if (isDecided) await decide(body)
    const [waits] = await grants(idp)
    await revoke(idp, waits?.id)
    expect((await poll(idp.issuer, body['device_code'], {}, BOX)).body).toMatchObject({
      error: 'access_denied',
    })
    expect(await grants(idp)).toEqual([])
  })

  it('cannot be let in any more by whoever has the page open', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, {}, BOX)
    const browser = new Browser(idp.issuer)
    const asked = await typeCode(browser, body['verification_uri'], body['user_code'])
    await revoke(idp, (await grants(idp))[0]?.id)
    expect((await browser.submit(asked, { action: 'allow' })).status).toBe(400)
    expect((await poll(idp.issuer, body['device_code'], {}, BOX)).body).toMatchObject({
      error: 'access_denied',
    })
  })
})

describe('/_mock/grants where tenants share a store', () => {
  it('are those of the users of the tenant', async () => {
    await using idp = await startCloud()
    const app = await clientAt(idp, 'common')
    await nextLogin(idp, { user: 'bob@fabrikam.example' }, 'fabrikam')
    const { code } = await app.authorize({ scope: 'openid offline_access' })
    expect([await kinds(idp, 'contoso'), await kinds(idp, 'fabrikam')]).toEqual([[], ['code']])
    const { body } = await app.redeem(code)
    const fabrikam = await grants(idp, 'fabrikam')
    expect(fabrikam.map(({ user }) => user)).toEqual(['bob@fabrikam.example', 'bob@fabrikam.example'])
    expect((await revoke(idp, fabrikam[0]?.id, 'contoso')).status).toBe(404)
    expect((await revoke(idp, '', 'contoso')).status).toBe(204)
    expect((await app.refresh(body['refresh_token'])).status).toBe(200)
  })

  it('tell by its issuer whose an opaque token of a client is', async () => {
    const access_token = { format: 'opaque' as const }
    const clients = [{ client_id: APP, client_secret: CLOUD_SECRET, access_token }]
    const resources = [{ identifier: 'api://orders', access_token: { version: 2 as const } }]
    await using idp = await startCloud({
      tenants: { contoso: { id: '5b0d9b1e-3c11-4222-8333-44445555abcd', clients, resources } },
    })
    const at = `${idp.url}/5b0d9b1e-3c11-4222-8333-44445555abcd/oauth2/v2.0/token`
    const form = { grant_type: 'client_credentials', client_id: APP, client_secret: CLOUD_SECRET }
    const { status } = await post(at, { ...form, scope: 'api://orders/.default' })
    expect(status).toBe(200)
    expect([await kinds(idp, 'contoso'), await kinds(idp, 'fabrikam')]).toEqual([['access_token'], []])
  })
})
