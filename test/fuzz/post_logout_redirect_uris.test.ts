/** After a logout a browser goes to what the client registered for it, or stays. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerAt, authorizeUrl, Browser, hiddenFields, type Page } from '../support/browser.ts'
import { every, read } from '../support/html.ts'
import { redirect_uri, text } from './authorization_arbitrary.ts'
import { CORPUS, REGISTERED } from './hostile_uris.ts'
import { CLIENTS, type ClientId, OWN_PAGE, send, startSite } from './redirect_world.ts'

let idp: Awaited<ReturnType<typeof startSite>>
let hints: Readonly<Record<ClientId, string>>
beforeAll(async () => {
  idp = await startSite('strict')
  const issued = CLIENTS.map(async (client_id) => [client_id, await idTokenFor(client_id)] as const)
  hints = Object.fromEntries(await Promise.all(issued)) as typeof hints
})
afterAll(() => idp.stop())

async function idTokenFor(client_id: ClientId): Promise<string> {
  const browser = new Browser(idp.issuer)
  const asked = { client_id, redirect_uri: REGISTERED[client_id][0], response_type: 'id_token', nonce: 'n' }
  const page = await browser.submit(await browser.open(authorizeUrl(idp.issuer, asked)), { user: 'alice' })
  return answerAt(page).get('id_token') ?? ''
}

type Params = Readonly<Record<string, string>>

/** A logout as far as it goes without a person, in a browser where nobody is signed in. */
async function logout(params: Params, issuer = idp.issuer) {
  const first = await send(`${issuer}/logout?${new URLSearchParams(params)}`)
  if (!OWN_PAGE.test(first.location ?? '')) return { ...first, url: `${issuer}/logout` }
  const url = `${issuer}/${first.location}`
  return { ...(await send(url)), url }
}

/** What on a page leads anywhere but to the page itself. */
function waysOut(html: string): string[] {
  const attributes = every(read({ status: 200, headers: {}, body: html })).flatMap(({ tag, attrs }) =>
    attrs.map(([name, value]) => `${tag} ${name}=${value}`),
  )
  return attributes.filter((each) =>
    /^\w+ (?:href|src|srcdoc|action|formaction|http-equiv|on\w+)=/.test(each),
  )
}

/** What comes after the person agreed. */
async function confirm({ url, html }: Pick<Page, 'url' | 'html'>) {
  const body = new URLSearchParams({ ...hiddenFields({ html }), action: 'logout' })
  return await send(url, { method: 'POST', body, headers: { origin: idp.url } })
}

describe('OpenID Connect RP-Initiated Logout §3: a post_logout_redirect_uri that is not registered', () => {
  it.each(CORPUS)(
    'gives a page that asks and leads nowhere, then one that says good-bye: %s',
    async (_trick, uris) => {
      for (const [at, post_logout_redirect_uri] of uris.entries()) {
        const client_id = CLIENTS[at % CLIENTS.length] as ClientId
        const who: Params = at % 2 === 0 ? { id_token_hint: hints[client_id] } : { client_id }
        const page = await logout({ ...who, post_logout_redirect_uri, state: 's' })
        const shown = [page.status, page.location, waysOut(page.html)]
        expect(shown, post_logout_redirect_uri).toEqual([400, null, []])
        expect(page.html).toContain('The post-logout redirect URI is not registered')
        const end = await confirm(page)
        expect([end.status, end.location, waysOut(end.html)]).toEqual([200, null, []])
      }
    },
  )

  it('leads to a registered one with state and nothing else, and without hint and client to none', async () => {
    for (const client_id of CLIENTS) {
      for (const uri of REGISTERED[client_id]) {
        const asked = { post_logout_redirect_uri: uri, state: 'a b&c' }
        const { location } = await logout({ ...asked, id_token_hint: hints[client_id] })
        expect(location).toBe(`${uri}${uri.includes('?') ? '&' : '?'}state=a+b%26c`)
        const nobody = await logout(asked)
        expect([nobody.status, nobody.location, waysOut(nobody.html)]).toEqual([400, null, []])
      }
    }
  })

  it('is not the one of another client, nor one at another loopback port', async () => {
    for (const client_id of CLIENTS) {
      const others = CLIENTS.filter((each) => each !== client_id).flatMap((each) => REGISTERED[each])
      const moved = REGISTERED.desktop.map((uri) => uri.replace(':3000', ':3001'))
      for (const post_logout_redirect_uri of [...others, ...moved]) {
        const came = await logout({ post_logout_redirect_uri, id_token_hint: hints[client_id] })
        expect([came.status, came.location, waysOut(came.html)]).toEqual([400, null, []])
      }
    }
  })

  it('leads to this machine at most where strictness is lax', async () => {
    await using lax = await startSite('lax')
    for (const post_logout_redirect_uri of CORPUS.flatMap(([, uris]) => uris)) {
      const { location, html } = await logout({ client_id: 'web', post_logout_redirect_uri }, lax.issuer)
      if (location === null) expect(waysOut(html), post_logout_redirect_uri).toEqual([])
      else
        expect(location).toMatch(
          /^https?:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?[/?][\x21\x23-\x5b\x5d-\x7e]*$/i,
        )
    }
  })
})

describe('the end session endpoint, whatever is asked', () => {
  const tampered = fc
    .constantFrom(...CLIENTS)
    .map((client_id) => `${hints[client_id].replace(/\.[^.]*$/, '.')}`)
  const own = fc.constantFrom(...CLIENTS).map((client_id) => hints[client_id])
  const params = fc.record(
    {
      id_token_hint: fc.oneof({ weight: 4, arbitrary: own }, tampered, text),
      client_id: fc.oneof(fc.constantFrom(...CLIENTS), text),
      post_logout_redirect_uri: redirect_uri,
      state: text,
      logout_hint: text,
      ui_locales: text,
      redirect_uri,
    },
    { requiredKeys: [] },
  )

  it('sends browsers to a registered URI of the client that the hint or client_id names, or to a page of its own', async () => {
    const counts = { left: 0, stayed: 0 }
    const law = async (given: Params) => {
      const came = await logout(given)
      const end =
        came.location === null && came.html.includes('name="interaction"') ? await confirm(came) : came
      expect(end.status).toBeLessThan(500)
      expect(waysOut(came.html)).toEqual([])
      counts[end.location === null ? 'stayed' : 'left'] += 1
      if (end.location === null) return
      const [client_id] = CLIENTS.filter(
        (each) => hints[each] === given['id_token_hint'] || each === given['client_id'],
      )
      const uri = given['post_logout_redirect_uri'] ?? ''
      expect(client_id && REGISTERED[client_id]).toContain(uri)
      const mark = uri.includes('?') ? '&' : '?'
      const state = given['state'] ? `${mark}${new URLSearchParams({ state: given['state'] })}` : ''
      expect(end.location).toBe(`${uri}${state}`)
    }
    await fc.assert(fc.asyncProperty(params as fc.Arbitrary<Params>, law), { numRuns: 1000 })
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(20)
  }, 120_000)
})
