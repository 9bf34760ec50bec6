/** Redirect URIs that are nearly right: for each the answer is a page, and the browser goes nowhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unsigned } from '../support/request_object.ts'
import { CORPUS, REGISTERED } from './hostile_uris.ts'
import { ask, CLIENTS, fault, send, startSite } from './redirect_world.ts'

const TYPES = ['code', 'id_token', 'code id_token token', 'none'] as const

let idp: Awaited<ReturnType<typeof startSite>>
beforeAll(async () => {
  idp = await startSite('strict')
})
afterAll(() => idp.stop())

type Params = Readonly<Record<string, string>>

/** The ways to bring a redirect URI along. */
const WAYS: readonly ((params: Params, redirect_uri: string) => Promise<unknown>)[] = [
  (params, redirect_uri) => ask(idp.issuer, { ...params, redirect_uri }, 'POST'),
  (params, redirect_uri) => ask(idp.issuer, { ...params, redirect_uri, prompt: 'none' }),
  (params, redirect_uri) => ask(idp.issuer, { ...params, redirect_uri, response_mode: 'form_post' }),
  (params, redirect_uri) => ask(idp.issuer, { ...params, request: unsigned({ redirect_uri }) }),
]

describe('RFC 9700 §4.1.3: a redirect URI that is not registered', () => {
  it('comes in more than 400 forms, none of them registered', () => {
    const all = CORPUS.flatMap(([, uris]) => uris)
    expect(new Set(all).size).toBe(all.length)
    expect(all.length).toBeGreaterThan(400)
    expect(all.filter((uri) => Object.values(REGISTERED).flat().includes(uri))).toEqual([])
  })

  it.each(CORPUS)('gives a page, status 400, and no Location: %s', async (_trick, uris) => {
    for (const [at, redirect_uri] of uris.entries()) {
      for (const [nth, client_id] of CLIENTS.entries()) {
        const params = { client_id, response_type: TYPES[at % TYPES.length] ?? '' }
        const way = WAYS[(at + nth) % WAYS.length]
        const came = [await ask(idp.issuer, { ...params, redirect_uri }), await way?.(params, redirect_uri)]
        for (const each of came) expect(fault(each as never), `${client_id} ${redirect_uri}`).toBeUndefined()
      }
    }
  })

  it.each([
    ['the registered one first', (good: string) => [good, 'https://evil.test/']],
    ['the registered one last', (good: string) => ['https://evil.test/', good]],
    ['two registered ones', (good: string) => [good, good]],
  ])('gives a page where it came twice, %s, in the query or one in the form', async (_what, both) => {
    for (const client_id of CLIENTS) {
      const [first = '', last = ''] = both(REGISTERED[client_id][0] ?? '')
      const usual = { client_id, response_type: 'code', scope: 'openid', redirect_uri: first }
      const url = `${idp.issuer}/authorize?${new URLSearchParams(usual)}`
      const body = new URLSearchParams({ redirect_uri: last })
      for (const came of [await send(`${url}&${body}`), await send(url, { method: 'POST', body })]) {
        expect([came.status, came.location]).toEqual([400, null])
        expect(came.html).toContain('A parameter came twice')
      }
    }
  })

  it('gives a page where none came, or an empty one, and the client has several', async () => {
    for (const client_id of CLIENTS) {
      for (const params of [{ client_id }, { client_id, redirect_uri: '' }]) {
        const { status, location, html } = await ask(idp.issuer, params)
        expect([status, location]).toEqual([400, null])
        expect(html).toContain('The redirect URI is missing')
      }
    }
  })

  it('gives a page for the URI of another client', async () => {
    for (const client_id of CLIENTS)
      for (const other of CLIENTS.filter((each) => each !== client_id))
        for (const redirect_uri of REGISTERED[other])
          expect(fault(await ask(idp.issuer, { client_id, redirect_uri }))).toBeUndefined()
  })
})

describe('RFC 8252 §7.3 Loopback Interface Redirection', () => {
  it.each(['', ':1', ':80', ':3000', ':8080', ':65535'])(
    'lets a desktop application listen at the port "%s"',
    async (port) => {
      for (const uri of REGISTERED.desktop) {
        const redirect_uri = uri.replace(':3000', port)
        const { location } = await ask(idp.issuer, { client_id: 'desktop', redirect_uri, prompt: 'none' })
        const answer = `${redirect_uri}${uri.includes('?') ? '&' : '?'}error=login_required&`
        expect(location?.slice(0, answer.length)).toBe(answer)
      }
    },
  )
})

describe('strictness lax: a redirect URI that is not registered', () => {
  it.each(CORPUS)(
    'gives a page, or leads to this machine as every browser and library reads it: %s',
    async (_trick, uris) => {
      await using lax = await startSite('lax')
      for (const redirect_uri of uris) {
        const came = await ask(lax.issuer, { client_id: 'web', redirect_uri, prompt: 'none' })
        const { location } = came
        if (location === null) expect(fault(came), redirect_uri).toBeUndefined()
        else
          expect([redirect_uri, location]).toEqual([
            redirect_uri,
            expect.stringMatching(
              /^https?:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?[/?][\x21\x23-\x5b\x5d-\x7e]*$/i,
            ),
          ])
      }
    },
  )
})
