import { describe, expect, it } from 'vitest'
import { authorizeUrl } from '../support/browser.ts'
import { BASIC, parametersAt, REDIRECT_URI, RelyingParty, startOp } from '../support/relying_party.ts'

const [CODE] = BASIC

/** Where a request with this redirect URI is answered, and with what; undefined where a page is shown instead. */
async function answered(registered: readonly string[], redirect_uri: string | undefined) {
  await using idp = await startOp({ redirect_uris: [...registered] })
  const page = await new RelyingParty(idp.issuer, CODE!).open({ redirect_uri, prompt: 'none' })
  if (page.left === undefined) {
    expect([page.status, page.html]).toEqual([
      400,
      expect.stringMatching(/The redirect URI is (not registered|missing)<\/h1>/),
    ])
    return undefined
  }
  expect(parametersAt(page)['query']).toMatchObject({ error: 'login_required' })
  return page.left.href
}

describe.each(BASIC)('RFC 6749 §3.1.2 Redirection Endpoint, by $mode', (flow) => {
  it('oidcc-redirect-uri-query-OK: a query that was registered survives, and the answer is added to it', async () => {
    await using idp = await startOp({ redirect_uris: [`${REDIRECT_URI}?bar=foo&x=%2F`] })
    const rp = new RelyingParty(idp.issuer, flow)
    const redirect_uri = `${REDIRECT_URI}?bar=foo&x=%2F`
    const page = await rp.pick(await rp.open({ redirect_uri }))
    const action =
      page.left?.href ?? /<form method="post" action="([^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&')
    expect(action?.startsWith(redirect_uri)).toBe(true)
    expect(action?.split('?')).toHaveLength(2)
    const came = parametersAt(page)
    const { code = '' } = { ...came['query'], ...came['form_post'] }
    expect((await rp.redeem({ code }, { redirect_uri })).status).toBe(200)
  })
})

describe('RFC 6749 §3.1.2.3 Dynamic Configuration', () => {
  it('oidcc-ensure-redirect-uri-in-authorization-request: shows a page where several are registered and none came', async () => {
    expect(await answered([REDIRECT_URI, `${REDIRECT_URI}2`], undefined)).toBeUndefined()
  })

  it('answers at the only one that is registered where none came', async () => {
    expect(await answered([REDIRECT_URI], undefined)).toMatch(/^https:\/\/rp\.test\/callback\?/)
  })

  it.each([
    ['oidcc-ensure-registered-redirect-uri: a path with a tail', REDIRECT_URI, `${REDIRECT_URI}/Xa3`],
    [
      'oidcc-redirect-uri-query-added: a query that was not registered',
      REDIRECT_URI,
      `${REDIRECT_URI}?foo=bar`,
    ],
    [
      'oidcc-redirect-uri-query-mismatch: another query',
      `${REDIRECT_URI}?bar=foo`,
      `${REDIRECT_URI}?foo=bar`,
    ],
    ['a query left out', `${REDIRECT_URI}?bar=foo`, REDIRECT_URI],
    ['an empty query', REDIRECT_URI, `${REDIRECT_URI}?`],
    ['a fragment', REDIRECT_URI, `${REDIRECT_URI}#x`],
    ['an empty fragment', REDIRECT_URI, `${REDIRECT_URI}#`],
    ['a slash at the end', REDIRECT_URI, `${REDIRECT_URI}/`],
    ['another scheme', REDIRECT_URI, 'http://rp.test/callback'],
    ['another port', REDIRECT_URI, 'https://rp.test:444/callback'],
    ["the scheme's own port", REDIRECT_URI, 'https://rp.test:443/callback'],
    ['letters in another case', REDIRECT_URI, 'https://RP.test/callback'],
    ['percent-encoding of the same letter', REDIRECT_URI, 'https://rp.test/%63allback'],
    ['a path that leads back', REDIRECT_URI, 'https://rp.test/x/../callback'],
    ['a user name', REDIRECT_URI, 'https://x@rp.test/callback'],
    ['a subdomain', REDIRECT_URI, 'https://a.rp.test/callback'],
    ['a host that begins alike', REDIRECT_URI, 'https://rp.test.evil.test/callback'],
    ['white space before it', REDIRECT_URI, ` ${REDIRECT_URI}`],
    ['a script', REDIRECT_URI, 'javascript:alert(1)'],
    ['no URI at all', REDIRECT_URI, 'callback'],
  ])('shows a page and goes to neither address: %s', async (_what, registered, came) => {
    expect(await answered([registered], came)).toBeUndefined()
  })

  it("oidcc-ensure-registered-redirect-uri: shows a page for another client's redirect URI", async () => {
    await using idp = await startOp({ redirect_uris: ['https://other.test/callback'] })
    const page = await new RelyingParty(idp.issuer, CODE!).open()
    expect([page.status, page.left]).toEqual([400, undefined])
  })

  it('takes the private-use scheme of an app, RFC 8252 §7.1', async () => {
    const uri = 'com.example.app:/callback'
    expect(await answered([uri], uri)).toMatch(/^com\.example\.app:\/callback\?error=/)
    expect(await answered([uri], 'com.example.app:/callback2')).toBeUndefined()
  })
})

describe('RFC 8252 §7.3 Loopback Interface Redirection', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000/callback', 'http://127.0.0.1:51004/callback'],
    ['127.0.0.1, registered without a port', 'http://127.0.0.1/callback', 'http://127.0.0.1:51004/callback'],
    ['127.0.0.1, sent without a port', 'http://127.0.0.1:3000/callback', 'http://127.0.0.1/callback'],
    ['[::1]', 'http://[::1]:3000/callback', 'http://[::1]:51004/callback'],
    ['[::1], registered without a port', 'http://[::1]/callback?a=b', 'http://[::1]:51004/callback?a=b'],
    ['localhost', 'http://localhost:3000/callback', 'http://localhost:51004/callback'],
  ])('lets the client choose the port: %s', async (_what, registered, came) => {
    expect(await answered([registered], came)).toMatch(
      `${came}${came.includes('?') ? '&' : '?'}error=login_required`,
    )
  })

  it.each([
    ['another loopback name', 'http://127.0.0.1/callback', 'http://localhost/callback'],
    ['the other address family', 'http://127.0.0.1/callback', 'http://[::1]/callback'],
    ['another spelling of the address', 'http://[::1]/callback', 'http://[0:0:0:0:0:0:0:1]/callback'],
    ['another number of the same address', 'http://127.0.0.1/callback', 'http://127.1/callback'],
    ['another path', 'http://127.0.0.1/callback', 'http://127.0.0.1:51004/callback/x'],
    ['another query', 'http://127.0.0.1/callback', 'http://127.0.0.1:51004/callback?a=b'],
    ['https, which has no such rule', 'https://127.0.0.1/callback', 'https://127.0.0.1:51004/callback'],
    [
      'a host behind what looks like a port',
      'http://127.0.0.1/callback',
      'http://127.0.0.1:80@evil.test/callback',
    ],
    ['a port that is no number', 'http://127.0.0.1/callback', 'http://127.0.0.1:x/callback'],
    ['a fragment', 'http://127.0.0.1/callback', 'http://127.0.0.1:51004/callback#x'],
  ])('lets nothing but the port differ: %s', async (_what, registered, came) => {
    expect(await answered([registered], came)).toBeUndefined()
  })

  it('wants at the token endpoint the port that the request had', async () => {
    await using idp = await startOp({ redirect_uris: ['http://127.0.0.1/callback'] })
    const rp = new RelyingParty(idp.issuer, CODE!)
    const redirect_uri = 'http://127.0.0.1:51004/callback'
    const { code = '' } = await rp.authorize({ redirect_uri })
    const wrong = await rp.redeem({ code }, { redirect_uri: 'http://127.0.0.1:51005/callback' })
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await rp.redeem({ code }, { redirect_uri })).status).toBe(200)
  })
})

describe('RFC 9700 §4.11.2 Authorization Server as Open Redirector', () => {
  it('shows a page where client and redirect URI do not belong together, before anything else is looked at', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, CODE!)
    const wrong = {
      client_id: 'client',
      redirect_uri: 'https://evil.test/',
      response_type: 'x',
      prompt: 'none x',
    }
    const page = await rp.browser.open(authorizeUrl(idp.issuer, wrong))
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.html).toContain('https://evil.test/')
    expect(page.html).not.toMatch(/(href|action|src)="https:\/\/evil/)
  })
})

describe('strictness of redirect_uri', () => {
  const LOOPBACK = [
    'http://localhost:3000/other',
    'https://localhost/x',
    'http://127.0.0.1:5173/?a=b',
    'http://[::1]:8080/cb',
  ]
  const ELSEWHERE = [
    'https://rp.test/other',
    'http://localhost.evil.test/',
    'http://127.0.0.1:80@evil.test/',
    'com.example.app:/x',
    'http://localhost:3000/#x',
  ]

  it.each(['warn', 'lax'] as const)(
    '%s answers at any loopback URI, and nowhere else that is not registered',
    async (level) => {
      await using idp = await startOp({}, { strictness: { redirect_uri: level } })
      const rp = new RelyingParty(idp.issuer, CODE!)
      for (const redirect_uri of LOOPBACK) {
        const { left } = await rp.open({ redirect_uri, prompt: 'none' })
        expect(left?.href.startsWith(redirect_uri)).toBe(true)
      }
      for (const redirect_uri of ELSEWHERE) {
        const { left, status } = await rp.open({ redirect_uri, prompt: 'none' })
        expect([status, left]).toEqual([400, undefined])
      }
    },
  )

  it('strict answers at none of them', async () => {
    for (const uri of [...LOOPBACK, ...ELSEWHERE]) expect(await answered([REDIRECT_URI], uri)).toBeUndefined()
  })
})
