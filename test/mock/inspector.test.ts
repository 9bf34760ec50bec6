/** The inspector as it comes over HTTP, without a script. */
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { attr, having, one, tags, textOf } from '../support/html.ts'
import { get, post } from '../support/http.ts'
import { login, ownToken, SECRET, see, start } from '../support/inspector.ts'

const VIEWS = ['', '?view=findings', '?view=users', '?view=clients', '?view=keys', '?view=sessions']

describe('the page at /_mock/', () => {
  it('is where /_mock leads, with its query, under any base path', async () => {
    await using idp = await startIdp({ server: { base_path: '/auth' } })
    const moved = await fetch(`${idp.url}/_mock?view=keys`, { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([302, `${idp.url}/_mock/?view=keys`])
    expect((await see(idp)).status).toBe(200)
  })

  it('runs one script of its own, loads nothing else, and nobody frames it or learns of it', async () => {
    await using idp = await start()
    const { headers, root, mistakes } = await see(idp)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'sha256-[^']+'; connect-src 'self'; /,
    )
    expect(policy).toMatch(/form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/)
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(tags(root, 'script').map((each) => attr(each, 'src'))).toEqual(['inspector.js'])
    const script = await get(`${idp.url}/_mock/inspector.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(mistakes).toEqual([])
  })

  it('is read alone: other methods are refused', async () => {
    await using idp = await start()
    for (const path of ['', '/', '/inspector.js']) {
      const json = { 'content-type': 'application/json' }
      const answer = await fetch(`${idp.url}/_mock${path}`, { method: 'POST', headers: json, body: '{}' })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
    expect((await fetch(`${idp.url}/_mock/`, { method: 'HEAD' })).status).toBe(200)
  })

  it('says what to do where nothing has come yet', async () => {
    await using idp = await start()
    const steps = textOf(one(having((await see(idp)).root, 'data-testid', 'first-steps')))
    expect(steps).toContain(idp.issuer)
    expect(steps).toContain(`curl ${idp.issuer}/.well-known/openid-configuration`)
    expect(steps).toContain(`curl ${idp.url}/_mock/tokens`)
    await using bare = await startIdp()
    expect(textOf((await see(bare)).root)).toMatch(/No clients are declared/)
    for (const view of VIEWS) expect((await see(bare, view)).status).toBe(200)
  })

  it('is a page for a browser that is refused, and says what is wrong', async () => {
    await using idp = await start()
    const missing = await see(idp, '?tenant=nobody')
    expect(missing.status).toBe(404)
    expect(textOf(one(having(missing.root, 'data-testid', 'problem')))).toMatch(
      /no tenant and no sandbox nobody/,
    )
    const unknown = await see(idp, '', '/_mock/nothing')
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    const refused = await get(`${idp.url}/_mock/`, { accept: 'text/html', 'sec-fetch-site': 'cross-site' })
    expect([refused.status, refused.text.includes(`href="${idp.url}/_mock/"`)]).toEqual([403, true])
  })
})

describe('activity', () => {
  it('shows a login with all that came of it as one, and another login as another', async () => {
    await using idp = await start()
    await login(idp)
    await login(idp)
    await ownToken(idp)
    const flows = tags((await see(idp)).root, 'li').filter((each) => attr(each, 'class')?.startsWith('flow '))
    expect(flows.map((each) => textOf(one(tags(each, 'h2'))))).toEqual([
      'Token of its own at web done',
      'Login at web as alice done',
      'Login at web as alice done',
    ])
    const steps = tags(flows[1] as (typeof flows)[0], 'strong').map(textOf)
    expect(steps).toEqual(['authorization', 'login', 'login', 'token', 'userinfo', 'token'])
  })

  it('says why a request was refused', async () => {
    await using idp = await start()
    await ownToken(idp, 'another')
    const page = await see(idp)
    expect(textOf(page.root)).toMatch(/invalid_client \(client\.secret_wrong\)/)
    const details = await see(idp, '?request=1')
    expect(textOf(one(having(details.root, 'data-testid', 'reason')))).toMatch(
      /^client\.secret_wrong the secret of/,
    )
  })

  it('shows no secret, whatever is looked at', async () => {
    await using idp = await start()
    const secrets = await login(idp)
    const { items } = (await get(`${idp.url}/_mock/requests`)).body as { items: { seq: number }[] }
    const pages = [...VIEWS, ...items.map(({ seq }) => `?request=${seq}`)]
    for (const query of pages) {
      const { text } = await see(idp, query)
      expect([query, secrets.filter((secret) => text.includes(secret))]).toEqual([query, []])
    }
  })

  it('takes a token apart: what each claim means, where it came from, when it expires by the clock of the provider', async () => {
    await using idp = await start()
    await login(idp)
    const { root } = await see(idp, '?request=4')
    const claims = one(having(root, 'data-testid', 'claims-id_token'))
    const row = (name: string) => {
      const found = tags(claims, 'tr').find((each) => textOf(each).startsWith(`${name} `))
      return found === undefined ? '' : textOf(found)
    }
    expect(row('iss')).toMatch(/Who issued the token; .* spec$/)
    expect(row('exp')).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ · in (59 min|1 h)/)
    expect(row('roles')).toMatch(/from .*alice/)
    expect(textOf(one(having(root, 'data-testid', 'token-id_token')))).toMatch(/expires in/)
    await idp.clock.advance('2h')
    const later = await see(idp, '?request=4')
    expect(textOf(one(having(later.root, 'data-testid', 'token-id_token')))).toMatch(/expired 1 h/)
  })

  it('finds requests by words and by what they are about', async () => {
    await using idp = await start()
    await login(idp)
    await ownToken(idp, 'another')
    const found = async (q: string) =>
      tags((await see(idp, `?q=${encodeURIComponent(q)}`)).root, 'li').filter((each) =>
        attr(each, 'class')?.startsWith('flow '),
      ).length
    expect(
      await Promise.all(['outcome:refused', 'user:alice', 'endpoint:token', 'CLIENT_CREDENTIALS'].map(found)),
    ).toEqual([1, 1, 2, 1])
    expect(await found('secret_wrong post 401')).toBe(1)
    expect(textOf((await see(idp, '?q=nothing-of-it')).root)).toMatch(/Nothing matches\. Show all 7 requests/)
    expect(textOf((await see(idp, '?q=status:many')).root)).toMatch(/status is many, expected a whole number/)
  })

  it('shows the newest hundred of thousands of requests', async () => {
    await using idp = await start()
    for (let count = 0; count < 1100; count += 1) await post(`${idp.issuer}/token`, {})
    const { root } = await see(idp)
    expect(having(root, 'class', 'refused').length).toBe(100)
    expect(textOf(one(having(root, 'data-testid', 'older')))).toMatch(
      /^100 requests are shown; 900 older ones are found by a narrower search; 100 were forgotten/,
    )
    expect((await see(idp, '?request=1')).text).toMatch(/It is not remembered any more/)
  })
})

describe('a tenant of its own', () => {
  it('is chosen by name, sandboxes too, and shows nothing of the others', async () => {
    await using idp = await start()
    const answer = await fetch(`${idp.url}/_mock/sandboxes`, { method: 'POST' })
    const { id, issuer } = (await answer.json()) as { id: string; issuer: string }
    await ownToken(idp)
    const page = await see(idp, `?tenant=${id}`)
    expect(textOf(page.root)).toMatch(/Nothing has come yet/)
    expect(textOf(one(having(page.root, 'class', 'issuer')))).toContain(issuer)
    const chosen = having(page.root, 'selected').map((each) => attr(each, 'value'))
    expect(chosen).toEqual([id])
    // Links stay with it.
    expect(tags(one(having(page.root, 'id', 'views')), 'a').map((each) => attr(each, 'href'))).toContain(
      `./?tenant=${id}&view=keys`,
    )
  })

  it('tells users, clients, keys and sessions, without a secret', async () => {
    await using idp = await start()
    await login(idp)
    const told = async (view: string) => textOf(one(tags((await see(idp, `?view=${view}`)).root, 'main')))
    expect(await told('users')).toMatch(/alice Copy Alice Liddell ?alice@example\.test reader active/)
    const clients = await told('clients')
    expect(clients).toMatch(
      /web Copy client_secret_basic or client_secret_jwt or client_secret_post authorization_code refresh_token/,
    )
    expect(clients).not.toContain(SECRET)
    expect(await told('keys')).toMatch(/RS256 active signs, and is in the JWKS/)
    expect(await told('sessions')).toMatch(/Sessions .*alice web .* Grants .*refresh_token web alice/)
  })

  it('says by which methods a client may authenticate: the one that it registered, or those that fit what it has', async () => {
    const jwks_uri = 'http://localhost:3000/jwks.json'
    const token_endpoint_auth_method = 'client_secret_post' as const
    const REGISTERED = { client_id: 'batch', client_secret: SECRET, token_endpoint_auth_method }
    await using idp = await startIdp({
      clients: [{ client_id: 'partner', jwks_uri }, { client_id: 'spa' }, REGISTERED],
    })
    const shown = textOf((await see(idp, '?view=clients')).root)
    expect(shown).toMatch(/partner Copy private_key_jwt or self_signed_tls_client_auth client_credentials/)
    expect(shown).toMatch(/spa Copy none client_credentials/)
    expect(shown).toMatch(/batch Copy client_secret_post client_credentials/)
  })
})
