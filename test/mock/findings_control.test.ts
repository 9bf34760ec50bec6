import { describe, expect, it } from 'vitest'
import { LESSONS } from '../../src/findings/index.ts'
import { get } from '../support/http.ts'
import { type Judged, startJudged, WEB } from '../support/judged.ts'

const PASSWORD = { grant_type: 'password', username: 'alice', password: 'wonderland' }

/** A run in which one client made two mistakes, and another one. */
async function run(idp: Judged) {
  await idp.ask({ state: undefined })
  await idp.ask({ state: undefined, client_id: 'other' })
  await idp.token(PASSWORD, WEB)
  return `${idp.issuer}/_mock/findings`
}

const ids = async (url: string) => {
  const { body, status } = await get(url)
  if (status !== 200) throw new Error(String(body['detail']))
  return (body['items'] as { id: string; client_id: string }[]).map(({ id, client_id }) => [id, client_id])
}

describe('GET /_mock/findings', () => {
  it('has what was found, worst first, as data and as text', async () => {
    await using idp = await startJudged()
    const { body } = await get(await run(idp))
    expect(body['items']).toMatchObject([
      {
        id: 'password_grant',
        severity: 'error',
        title: 'the password grant',
        client_id: 'web',
        text: 'a token was asked for with the password of a user',
        explanation: expect.any(String),
        fix: expect.any(String),
        see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.4',
        count: 1,
        requests: [3],
      },
      { id: 'state_left_out', client_id: 'web' },
      { id: 'state_left_out', client_id: 'other' },
    ])
    expect(body['summary']).toMatch(/^Findings: 1 error, 2 notes\n\nerror {2}password_grant: /)
  })

  it('has less where a severity, a client or a rule is named', async () => {
    await using idp = await startJudged()
    const url = await run(idp)
    expect(await ids(`${url}?severity=warning`)).toEqual([['password_grant', 'web']])
    expect(await ids(`${url}?client=other`)).toEqual([['state_left_out', 'other']])
    expect(await ids(`${url}?id=state_left_out&client=web`)).toEqual([['state_left_out', 'web']])
    expect((await get(`${url}?severity=error&client=other`)).body).toEqual({ items: [], summary: '' })
  })

  it('refuses a severity and a rule that there is not', async () => {
    await using idp = await startJudged()
    const url = `${idp.issuer}/_mock/findings`
    await expect(ids(`${url}?severity=bad`)).rejects.toThrow(
      'severity is bad, expected error, warning or info',
    )
    await expect(ids(`${url}?id=pkce`)).rejects.toThrow('there is no rule pkce')
  })

  it('names no client where the request named none', async () => {
    await using idp = await startJudged()
    await get(`${idp.issuer}/userinfo?access_token=x`)
    const { body } = await get(`${idp.issuer}/_mock/findings`)
    expect(body['items']).toHaveLength(1)
    expect((body['items'] as object[])[0]).not.toHaveProperty('client_id')
  })
})

describe('DELETE /_mock/findings', () => {
  it('forgets them, and what they came of', async () => {
    await using idp = await startJudged()
    const url = await run(idp)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    expect(await ids(url)).toEqual([])
  })
})

describe('GET /_mock/findings/rules', () => {
  it('has all that can be found, each with its reason, its fix and its section', async () => {
    await using idp = await startJudged()
    const { body } = await get(`${idp.issuer}/_mock/findings/rules`)
    expect(body['items']).toEqual(LESSONS)
    for (const { id, title, explanation, fix, see } of LESSONS) {
      expect(id).toMatch(/^(check\.)?[a-z]+(_[a-z]+)+$|^check\.[a-z_]+$/)
      expect([title, explanation, fix].filter((text) => text.trim() === '')).toEqual([])
      expect(see).toMatch(
        /^https:\/\/(www\.rfc-editor\.org\/rfc\/rfc\d+\.html|openid\.net\/specs\/.+\.html)#.+$/,
      )
      expect(explanation).toMatch(/\.$/)
      expect(fix).toMatch(/\.$/)
    }
    expect(new Set(LESSONS.map(({ id }) => id)).size).toBe(LESSONS.length)
  })
})
