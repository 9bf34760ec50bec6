import { describe, expect, it } from 'vitest'
import type { Context, Transaction } from '../../src/context.ts'
import { atLeast, type Finding } from '../../src/findings/finding.ts'
import { createJudge } from '../../src/findings/judge.ts'
import { Rate, Recent } from '../../src/findings/recent.ts'
import { complaint, summary } from '../../src/findings/report.ts'
import type { Rule } from '../../src/findings/rule.ts'
import { RULES } from '../../src/findings/rules/index.ts'
import { CALLBACK, random, startJudged, WEB } from '../support/judged.ts'

const HOME = 'http://127.0.0.1:3000/callback'
const wrongUri = { redirect_uri: HOME }

describe('what strictness let pass', () => {
  it.each([
    ['warn', 'error'],
    ['lax', 'info'],
  ] as const)('at %s is found as %s, for a real provider would refuse it', async (level, severity) => {
    await using idp = await startJudged({ strictness: { redirect_uri: level } })
    expect((await idp.ask(wrongUri)).get('code')).toBeTruthy()
    expect(idp.findings()).toMatchObject([
      { id: 'check.redirect_uri', severity, client_id: 'web', count: 1, requests: [1] },
    ])
    expect(idp.findings()[0]?.text).toContain(`redirect_uri is ${HOME}`)
  })

  it('is found once for each check, however often it was let pass', async () => {
    await using idp = await startJudged({ strictness: 'warn' })
    const form = { grant_type: 'client_credentials', resource: 'https://unknown.example.test' }
    for (const _ of [1, 2]) expect((await idp.token(form, WEB)).status).toBe(200)
    expect(idp.findings()).toMatchObject([{ id: 'check.resource', severity: 'error', count: 2 }])
  })
})

describe('the levels of the configuration', () => {
  it.each([
    ['strict', 'error'],
    ['warn', 'warning'],
    ['lax', 'info'],
  ] as const)('%s makes every rule %s', async (findings, severity) => {
    await using idp = await startJudged({ findings })
    await idp.ask({ state: undefined })
    await idp.token({ grant_type: 'password', username: 'alice', password: 'wonderland' }, WEB)
    expect(idp.findings()).toMatchObject([
      { id: 'state_left_out', severity },
      { id: 'password_grant', severity },
    ])
  })

  it('name single rules, and leave the others as they are', async () => {
    await using idp = await startJudged({
      findings: { password_grant: 'lax', 'check.redirect_uri': 'warn' },
      strictness: 'warn',
    })
    await idp.ask({ state: undefined, ...wrongUri })
    await idp.token({ grant_type: 'password', username: 'alice', password: 'wonderland' }, WEB)
    expect(idp.findings().map(({ id, severity }) => [id, severity])).toEqual([
      ['check.redirect_uri', 'warning'],
      ['state_left_out', 'info'],
      ['password_grant', 'info'],
    ])
  })
})

describe('what is kept', () => {
  it('counts the same of one client, and names the first five requests', async () => {
    await using idp = await startJudged()
    for (const _ of [1, 2, 3, 4, 5, 6, 7]) await idp.ask({ state: undefined })
    await idp.ask({ state: undefined, client_id: 'other' })
    expect(idp.findings()).toMatchObject([
      { client_id: 'web', count: 7, requests: [1, 2, 3, 4, 5] },
      { client_id: 'other', count: 1, requests: [8] },
    ])
  })

  it('forgets with the findings what it had seen', async () => {
    await using idp = await startJudged()
    const nonce = random()
    await idp.ask({ nonce })
    idp.clear()
    await idp.ask({ nonce })
    expect(idp.findings()).toEqual([])
  })

  it('gives back what is new in a request, and nothing that was found before', () => {
    const judge = createJudge()
    const come = (n: number) => judge.judge(transaction(`client-${n}`), CONTEXT)
    expect(come(1)).toMatchObject([{ id: 'check.scope', client_id: 'client-1', count: 1, requests: [] }])
    expect(come(1)).toEqual([])
    expect(judge.findings).toMatchObject([{ count: 2 }])
  })

  it('does not hide a mistake behind the same one where it weighs less', () => {
    const [severities, lesson] = [['info', 'error', 'info'] as const, RULES[0] as Rule]
    let at = 0
    const watch = () => () => ({ text: 'wrong', severity: severities[at++] ?? 'info' })
    const judge = createJudge({ rules: [{ ...lesson, at: ['registration'], watch }] })
    for (const _ of severities) judge.judge({ ...transaction('web'), exchange: unnoted('web') }, CONTEXT)
    expect(judge.findings).toMatchObject([
      { severity: 'info', count: 2 },
      { severity: 'error', count: 1 },
    ])
  })

  it('is bounded, however many clients make mistakes', () => {
    const judge = createJudge()
    for (let n = 0; n < 3000; n += 1) judge.judge(transaction(`client-${n}`), CONTEXT)
    expect(judge.findings).toHaveLength(1000)
    expect(judge.findings[0]?.client_id).toBe('client-0')
  })

  it('is the latest of what rules remember', () => {
    const recent = new Recent<number>()
    for (let n = 0; n < 1500; n += 1) recent.set(String(n % 1200), n)
    expect(['0', '299', '500', '1199'].map((key) => recent.get(key))).toEqual([1200, 1499, 500, 1199])
    expect(['300', '499'].map((key) => recent.get(key))).toEqual([undefined, undefined])
  })
})

describe('a rate', () => {
  it('counts within its time, and begins anew after it and when time goes back', () => {
    const rate = new Rate(1000)
    expect([5000, 5500, 6000, 6999, 100, 200].map((now) => rate.count('a', now))).toEqual([1, 2, 1, 2, 1, 2])
    expect(rate.count('b', 200)).toBe(1)
    rate.clear('a')
    expect(rate.count('a', 300)).toBe(1)
  })
})

const CONTEXT = {
  tenant: { config: { findings: { rules: {} } }, registry: { clients: new Map() } },
} as unknown as Context

function unnoted(client_id: string): Transaction['exchange'] {
  return { tenant: 'a', endpoint: 'registration', client_id, notes: [] }
}

function transaction(client_id: string): Transaction {
  const note = { level: 'warn', check: 'scope', text: 'scope is wrong' } as const
  const request = { method: 'POST', headers: {}, query: new Map(), body: { kind: 'none' } } as const
  const response = { status: 200, headers: {}, body: null }
  const exchange = { tenant: 'a', endpoint: 'registration', client_id, notes: [note] }
  const sent = { ...request, contentType: '', ip: '127.0.0.1' }
  return { at: 0, ms: 1, url: CALLBACK, request: sent, response, exchange }
}

describe('the text for people', () => {
  const found = async (): Promise<readonly Finding[]> => {
    await using idp = await startJudged()
    for (const _ of [1, 2, 3, 4, 5, 6]) await idp.ask({ state: undefined })
    await idp.ask({ state: undefined, client_id: 'other' })
    await idp.token({ grant_type: 'password', username: 'alice', password: 'wonderland' }, WEB)
    return idp.findings()
  }

  it('has the worst first, each rule once, with its clients, its reason, its fix and its section', async () => {
    expect(summary(await found())).toMatchInlineSnapshot(`
      "Findings: 1 error, 2 notes

      error  password_grant: the password grant
        - client web: a token was asked for with the password of a user (once, request 8)
        why: The client sees the password of the user, and no second factor, passkey or single sign-on is possible.
        fix: Use the authorization code flow with PKCE; on a device without a browser the device flow.
        see: https://www.rfc-editor.org/rfc/rfc9700.html#section-2.4

      note  state_left_out: no state; PKCE or the nonce takes its place
        - client web: an authorization request had no state; its code_challenge takes its place (6 times, request 1, 2, 3, 4, 5 ...)
        - client other: an authorization request had no state; its code_challenge takes its place (once, request 7)
        why: That is allowed: both tie the answer to the request, as long as code_verifier or nonce are kept for this very browser and the nonce is compared.
        fix: Nothing, if the client does so; a random state shows mistakes earlier and costs nothing.
        see: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1"
    `)
  })

  it('is empty where nothing was found', () => {
    expect([summary([]), complaint([])]).toEqual(['', ''])
  })

  it('says in a failed assertion what was expected', async () => {
    const errors = atLeast('error', await found())
    expect(errors.map(({ id }) => id)).toEqual(['password_grant'])
    expect(complaint(errors)).toMatch(
      /^expected no findings, but .*\nFindings: 1 error\n\nerror {2}password_grant: /,
    )
  })
})
