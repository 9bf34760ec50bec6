import { describe, expect, it } from 'vitest'
import { random, startJudged } from '../support/judged.ts'

const UNCHALLENGED = { code_challenge: undefined, code_challenge_method: undefined }
/** Without what else protects a request. */
const STATE_ALONE = { ...UNCHALLENGED, scope: 'email' }

describe('RFC 9700 §4.7.1: what ties the answer to the request', () => {
  it('finds a request without state, PKCE and nonce', async () => {
    await using idp = await startJudged()
    await idp.ask({ ...STATE_ALONE, state: undefined })
    expect(idp.findings()).toMatchObject([
      { id: 'state_missing', severity: 'error', client_id: 'web', count: 1, requests: [1] },
      { id: 'pkce_not_used', severity: 'warning' },
    ])
  })

  it('does not take a nonce for a protection where no ID token comes', async () => {
    await using idp = await startJudged()
    await idp.ask({ ...STATE_ALONE, state: undefined, nonce: random() })
    expect(idp.ids()).toContain('state_missing')
  })

  it('does not take a challenge for a protection where no code comes', async () => {
    await using idp = await startJudged()
    await idp.ask({ state: undefined, response_type: 'token', scope: 'email' })
    expect(idp.ids()).toContain('state_missing')
  })

  it.each([
    ['code_challenge', {}],
    ['nonce', { ...UNCHALLENGED, nonce: random() }],
  ])('lets %s take the place of state, and mentions it', async (instead, params) => {
    await using idp = await startJudged()
    await idp.ask({ ...params, state: undefined })
    const [found] = idp.findings()
    expect(found).toMatchObject({ id: 'state_left_out', severity: 'info' })
    expect(found?.text).toContain(instead)
    expect(idp.ids()).not.toContain('state_missing')
  })

  it('says nothing of a right request', async () => {
    await using idp = await startJudged()
    for (const nonce of [undefined, random(), random()]) await idp.ask({ nonce })
    expect(idp.findings()).toEqual([])
  })

  it('finds a state that never changes at the third request, for a second one a browser may have made', async () => {
    await using idp = await startJudged()
    const same = { ...STATE_ALONE, state: random() }
    for (const _ of [1, 2]) await idp.ask(same)
    expect(idp.ids()).toEqual(['pkce_not_used'])
    await idp.ask(same)
    expect(idp.findings()).toContainEqual(
      expect.objectContaining({ id: 'state_reused', severity: 'error', count: 1, requests: [3] }),
    )
  })

  it('holds the state of one client not against another', async () => {
    await using idp = await startJudged()
    const same = { ...STATE_ALONE, state: random() }
    for (const client_id of ['web', 'other', 'spa']) await idp.ask({ ...same, client_id })
    expect(idp.ids()).not.toContain('state_reused')
  })

  it('only mentions a state that repeats where PKCE protects', async () => {
    await using idp = await startJudged()
    for (const _ of [1, 2, 3]) await idp.ask({ state: '/orders/of/today' })
    expect(idp.findings()).toMatchObject([{ id: 'state_repeated', severity: 'info', count: 2 }])
  })

  it.each(['xyz', '12345', 'af0ifjsldkj', '1700000000000', 'a'.repeat(60)])(
    'finds that state %s can be guessed',
    async (state) => {
      await using idp = await startJudged()
      await idp.ask({ ...STATE_ALONE, state })
      expect(idp.ids()).toContain('state_weak')
    },
  )

  it.each([
    'b3c9f2a47e10d856',
    'QnVzaHdhY2tlZHMg',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    Buffer.from('{"returnTo":"/"}').toString('base64url'),
  ])('takes state %s for random, or at least for hard to guess', async (state) => {
    await using idp = await startJudged()
    await idp.ask({ ...STATE_ALONE, state })
    expect(idp.ids()).not.toContain('state_weak')
  })

  it('does not look at the strength of state where PKCE protects', async () => {
    await using idp = await startJudged()
    await idp.ask({ state: 'xyz' })
    expect(idp.findings()).toEqual([])
  })

  it('remembers no value that a client sent', async () => {
    await using idp = await startJudged()
    const secret = `keep-this-${random()}`
    for (const _ of [1, 2, 3]) await idp.ask({ ...STATE_ALONE, state: secret, nonce: secret })
    expect(JSON.stringify(idp.findings())).not.toContain(secret)
  })
})

describe('OpenID Connect Core §15.5.2: the nonce', () => {
  it('finds a nonce in two requests that differ otherwise', async () => {
    await using idp = await startJudged()
    const nonce = random()
    await idp.ask({ nonce })
    expect(idp.findings()).toEqual([])
    await idp.ask({ nonce })
    expect(idp.findings()).toMatchObject([{ id: 'nonce_reused', severity: 'error', requests: [2] }])
  })

  it('says nothing of a request that a browser loads again', async () => {
    await using idp = await startJudged()
    const same = { nonce: random(), state: random(), code_challenge: random() }
    for (const _ of [1, 2]) await idp.ask(same)
    expect(idp.findings()).toEqual([])
  })

  it('finds a nonce that can be guessed, and the examples of the specifications', async () => {
    await using idp = await startJudged()
    for (const nonce of ['n-0S6_WzA2Mj', '1', 'nonce']) await idp.ask({ nonce })
    expect(idp.findings()).toMatchObject([{ id: 'nonce_weak', severity: 'warning', count: 3 }])
  })

  it('takes 16 letters for random: some libraries make so few', async () => {
    await using idp = await startJudged()
    await idp.ask({ nonce: 'qWeRtZuIoPaSdFgH' })
    expect(idp.findings()).toEqual([])
  })

  it('finds a nonce for which no ID token can come', async () => {
    await using idp = await startJudged()
    await idp.ask({ nonce: random(), scope: 'email' })
    expect(idp.findings()).toMatchObject([{ id: 'nonce_without_openid', severity: 'warning' }])
  })

  it('finds a refusal for want of a nonce', async () => {
    await using idp = await startJudged()
    expect((await idp.ask({ response_type: 'id_token' })).get('error')).toBe('invalid_request')
    expect(idp.ids()).toContain('nonce_missing')
  })
})

describe('a request object that does not hold', () => {
  it('says nothing about what a request lacks', async () => {
    await using idp = await startJudged()
    const nothing = { state: undefined, code_challenge: undefined, code_challenge_method: undefined }
    await idp.ask({ ...nothing, request: 'broken' })
    expect(idp.ids()).toEqual([])
    await idp.ask(nothing)
    expect(idp.ids()).toEqual(expect.arrayContaining(['state_missing', 'pkce_not_used']))
  })
})
