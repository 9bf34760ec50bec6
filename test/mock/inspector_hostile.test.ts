/** Names, parameters and headers that want to be markup; fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { text } from '../fuzz/hostile.ts'
import { type Element, every, one, tags, textOf } from '../support/html.ts'
import { see, start } from '../support/inspector.ts'
import { requestAs } from '../support/raw.ts'

const MARKUP = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `' autofocus onfocus='alert(1)`,
  '</textarea></style></title><svg onload=alert(1)>',
  '<!--',
  ']]>',
  '&lt;b&gt;&amp;#39;',
  'javascript:alert(1)',
  '{{1+1}}',
  '\u202e\u2066',
]

const wellFormed = (each: string) => Buffer.from(each, 'utf8').toString('utf8').slice(0, 200)
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MARKUP) },
  {
    weight: 1,
    arbitrary: fc.tuple(text, fc.constantFrom(...MARKUP)).map((parts) => wellFormed(parts.join(''))),
  },
)
const header = hostile.map((each) => each.replaceAll(/[^\x20-\x7e]/g, ''))

/** What a page of the inspector is made of; what is not here came from outside. */
const ELEMENTS = new Set(
  '#document #documentType #comment html head meta title style body a header p strong form label input select option optgroup button span code section time nav ul li main noscript footer script h1 h2 h3 h4 div ol aside details summary dl dt dd table caption thead tbody tr th td pre i datalist'.split(
    ' ',
  ),
)

const LINKS =
  /^(\.\/|#main$|openapi\.json$|https:\/\/(www\.rfc-editor\.org|openid\.net|learn\.microsoft\.com|www\.keycloak\.org)\/)/

function assertOurs(root: Element): void {
  for (const { tag, attrs } of every(root)) {
    expect(tag === '#document' || ELEMENTS.has(tag) ? '' : tag).toBe('')
    for (const [name, value] of attrs) {
      expect(name).not.toMatch(/^on|^style$|^srcdoc$|^formaction$/)
      if (name === 'href') expect(value).toMatch(LINKS)
      if (name === 'src') expect([tag, value]).toEqual(['script', 'inspector.js'])
    }
  }
  expect(textOf(one(tags(root, 'script')))).toBe('')
}

describe('what comes from outside', () => {
  it('is text on every page of the inspector, never markup', async () => {
    await using idp = await start()
    const port = Number(new URL(idp.url).port)
    const made = fc.record({ client: hostile, user: hostile, state: hostile, agent: header, search: hostile })
    const law = fc.asyncProperty(made, async ({ client, user, state, agent, search }) => {
      const put = (path: string, body: object) =>
        fetch(`${idp.url}/_mock/${path}`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      await put('clients/web', { client_name: client, redirect_uris: ['http://localhost:3000/callback'] })
      await put(`users/${encodeURIComponent(user)}`, {
        name: user,
        email: user,
        roles: [client],
        groups: [state],
      })
      await put('next-login', { user })
      const query = new URLSearchParams({
        client_id: client,
        state,
        scope: state,
        redirect_uri: user,
        [client]: user,
      })
      await requestAs({ port, path: `/authorize?${query}`, headers: { 'user-agent': agent, 'x-odd': agent } })
      const form = new URLSearchParams({
        grant_type: client,
        code: state,
        username: user,
        client_id: 'web',
      }).toString()
      await requestAs({ port, path: '/token', headers: { 'user-agent': agent, authorization: agent }, form })
      const { items } = (await (await fetch(`${idp.url}/_mock/requests`)).json()) as {
        items: { seq: number }[]
      }
      const last = items.at(-1)?.seq ?? 0
      const views = ['users', 'clients', 'findings'].map((view) => `?view=${view}`)
      const found = `?q=${encodeURIComponent(search)}`
      for (const at of ['', ...views, `?request=${last}`, `?request=${last - 1}`, found]) {
        const { root, mistakes, status } = await see(idp, at)
        // A character that stands for nothing is text all the same.
        const broken = mistakes.filter((each) => !/^(non|control-)character-/.test(each))
        expect([at, status, broken]).toEqual([at, 200, []])
        assertOurs(root)
      }
      const refused = await see(idp, `?tenant=${encodeURIComponent(search)}`)
      expect(tags(refused.root, 'script')).toEqual([])
      await idp.reset()
    })
    await fc.assert(law, { numRuns: 60 })
  })
})
