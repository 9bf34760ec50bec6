import { describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import { startCodeFlow } from '../support/relying_party.ts'

const A = 'https://a.test/v1'
const B = 'https://b.test'
const C = 'urn:example:c'
const RESOURCES = {
  resources: [
    { identifier: A, scopes: ['a:read', 'both'] },
    { identifier: B, scopes: ['b:read', 'both'] },
    { identifier: C, access_token: { format: 'opaque' as const } },
  ],
}
const SCOPE = 'openid a:read b:read both'

const start = () => startCodeFlow({ scope: 'a:read b:read both' }, RESOURCES)
type Started = Awaited<ReturnType<typeof start>>

/** Signs in for several resources; a list cannot repeat a name, a query can. */
async function authorize({ rp }: Started, resources: readonly string[], scope = SCOPE) {
  const more = resources.map((each) => `&resource=${encodeURIComponent(each)}`).join('')
  return rp.received(await rp.pick(await rp.browser.open(`${rp.url({ scope })}${more}`)))
}

const about = (body: Readonly<Record<string, unknown>>) => {
  const { aud, scope } = decode(String(body['access_token'])).claims
  return { aud, scope, told: body['scope'] }
}

const INVALID_TARGET = { status: 400, body: { error: 'invalid_target' } }

describe('RFC 8707 §2.1 Authorization Request', () => {
  it('makes the resource the aud of the access token, whose scope is what that resource knows', async () => {
    await using op = await start()
    const { body } = await op.rp.redeem(await authorize(op, [A]))
    expect(about(body)).toEqual({ aud: A, scope: 'openid a:read both', told: 'openid a:read both' })
  })

  it('takes several', async () => {
    await using op = await start()
    const { body } = await op.rp.redeem(await authorize(op, [A, B]))
    expect(about(body)).toEqual({ aud: [A, B], scope: SCOPE, told: SCOPE })
  })

  it('takes an audience too, for clients of providers that call it so', async () => {
    await using op = await start()
    const { body } = await op.rp.redeem(await op.rp.authorize({ scope: SCOPE, audience: B }))
    expect(about(body).aud).toBe(B)
  })

  it.each([
    ['one that is not declared', 'https://unknown.test'],
    ['one with a fragment', `${A}#x`],
    ['a relative one', '/v1'],
  ])('refuses %s with invalid_target, told to the client', async (_what, resource) => {
    await using op = await start()
    const answer = op.rp.received(await op.rp.open({ resource }))
    expect(answer['error']).toBe('invalid_target')
    expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
  })

  it('shows the resources on the consent page', async () => {
    await using op = await startCodeFlow({ consent: true }, RESOURCES)
    const { html } = await op.rp.pick(await op.rp.open({ resource: B }))
    expect(html).toContain(`<code>${B}</code>`)
  })
})

describe('RFC 8707 §2.2 Access Token Request', () => {
  it('gives a token for one of the granted resources, with its part of the scope', async () => {
    await using op = await start()
    const { body } = await op.rp.redeem(await authorize(op, [A, B]), { resource: B })
    expect(about(body)).toEqual({ aud: B, scope: 'openid b:read both', told: 'openid b:read both' })
  })

  it('gives by refresh a token for another of the granted ones, and then for all', async () => {
    await using op = await start()
    const first = (await op.rp.redeem(await authorize(op, [A, B]), { resource: B })).body
    const second = (await op.rp.refresh(first['refresh_token'], { resource: A })).body
    expect(about(second)).toMatchObject({ aud: A, scope: 'openid a:read both' })
    const third = (await op.rp.refresh(second['refresh_token'])).body
    expect(about(third)).toMatchObject({ aud: [A, B], scope: SCOPE })
  })

  it('refuses a resource that the user did not grant, for the code and for the refresh token, which stay good', async () => {
    await using op = await start()
    const answer = await authorize(op, [A])
    expect(await op.rp.redeem(answer, { resource: B })).toMatchObject(INVALID_TARGET)
    const { body } = await op.rp.redeem(answer)
    expect(await op.rp.refresh(body['refresh_token'], { resource: B })).toMatchObject(INVALID_TARGET)
    expect((await op.rp.refresh(body['refresh_token'], { resource: A })).status).toBe(200)
  })

  it.each([
    [{ audience: A }, { audience: B }],
    [{ audience: A }, { resource: B }],
    [{ resource: A }, { audience: B }],
  ])('refuses an audience in the same way: after %j %j', async (granted, asked) => {
    await using op = await start()
    const answer = await op.rp.authorize({ scope: SCOPE, ...granted })
    expect(await op.rp.redeem(answer, asked)).toMatchObject(INVALID_TARGET)
    expect(about((await op.rp.redeem(answer, { audience: A })).body).aud).toBe(A)
  })

  it('takes any declared one where the authorization request named none', async () => {
    await using op = await start()
    const { body } = await op.rp.redeem(await op.rp.authorize({ scope: SCOPE }), { resource: A })
    expect(about(body)).toMatchObject({ aud: A, scope: 'openid a:read both' })
    const answer = await op.rp.authorize({ scope: SCOPE })
    expect(await op.rp.redeem(answer, { resource: 'https://unknown.test' })).toMatchObject(INVALID_TARGET)
  })

  it('refuses one token for resources that want different ones, and then gives one for each', async () => {
    await using op = await start()
    const answer = await authorize(op, [A, C])
    const refused = await op.rp.redeem(answer)
    expect(refused).toMatchObject(INVALID_TARGET)
    expect(refused.body['error_description']).toContain('ask for one token each')
    const first = (await op.rp.redeem(answer, { resource: C })).body
    expect(String(first['access_token']).split('.')).toHaveLength(1)
    expect(about((await op.rp.refresh(first['refresh_token'], { resource: A })).body).aud).toBe(A)
  })
})
