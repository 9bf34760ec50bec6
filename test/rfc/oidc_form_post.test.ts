import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { formOf, HOSTILE_TEXTS, sendForm } from '../support/form.ts'
import { attr, mistakesOf, read, tags, wholeText } from '../support/html.ts'
import { RelyingParty, startOp } from '../support/relying_party.ts'

const flow = (type: string) => ({ type, mode: 'form_post' }) as const
const asRead = (html: string) => ({ status: 200, headers: {}, body: html })

describe('OAuth 2.0 Form Post Response Mode §2', () => {
  /** The page for a user who has signed in already. */
  async function formPage(rp: RelyingParty, params: Record<string, string> = {}) {
    await rp.pick(await rp.open(params))
    return await rp.open(params)
  }

  it('is a page with a form of hidden fields to the redirect URI, and a button where no script runs', async () => {
    await using idp = await startOp({ redirect_uris: ['https://rp.test/cb?a=%221%22&b=%3Cx%3E'] })
    const rp = new RelyingParty(idp.issuer, flow('code id_token'))
    const redirect_uri = 'https://rp.test/cb?a=%221%22&b=%3Cx%3E'
    const page = await formPage(rp, { redirect_uri })
    const { action, method, fields } = formOf(page)
    expect({ action, method }).toEqual({ action: redirect_uri, method: 'post' })
    expect(fields.map(([name]) => name)).toEqual(['code', 'id_token', 'state', 'iss'])
    const root = read(asRead(page.html))
    expect(tags(root, 'input').map((input) => attr(input, 'type'))).toEqual(fields.map(() => 'hidden'))
    expect(tags(root, 'button').map((button) => attr(button, 'type'))).toEqual(['submit'])
    expect(mistakesOf(asRead(page.html))).toEqual([])
  })

  it('runs one inline script, which submits the form, by its hash; loads nothing and lies in no frame and no cache', async () => {
    await using idp = await startOp()
    const { html, headers } = await formPage(new RelyingParty(idp.issuer, flow('code')))
    const [script, ...others] = tags(read(asRead(html)), 'script').map(wholeText)
    expect([script, others]).toEqual(['document.forms[0].submit()', []])
    const digest = createHash('sha256')
      .update(script ?? '')
      .digest('base64')
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split('; ').map((each) => each.split(/ (.*)/)),
    )
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': `'sha256-${digest}'`,
      'frame-ancestors': "'none'",
    })
    // Chrome would hold it against the redirects that follow the form too.
    expect(policy).not.toHaveProperty('form-action')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('leaves hostile text text: every state comes back as it was sent, and adds no element', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow('code'))
    const elements = async (state: string) => {
      const { html } = await formPage(rp, { state })
      expect(Object.fromEntries(formOf({ html }).fields)['state']).toBe(state)
      return ['form', 'input', 'script', 'button'].map((tag) => tags(read(asRead(html)), tag).length)
    }
    const usual = await elements('plain')
    for (const state of HOSTILE_TEXTS) expect(await elements(state)).toEqual(usual)
  })

  it("reaches the client's own receiver as a form by POST, with the query that the URI was registered with", async () => {
    const came: { method?: string; url?: string; type?: string; body: string }[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { method = '', url = '' } = request
      came.push({ method, url, type: request.headers['content-type'] ?? '', body })
      response.end('signed in')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const redirect_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb?bar=foo`
      await using idp = await startOp({ redirect_uris: [redirect_uri] })
      const rp = new RelyingParty(idp.issuer, flow('code id_token token'))
      const page = await formPage(rp, { redirect_uri, state: HOSTILE_TEXTS.join('') })
      expect((await sendForm(formOf(page))).status).toBe(200)
      const [{ method, url, type, body } = { body: '' }, ...others] = came
      expect({ method, url, others }).toEqual({ method: 'POST', url: '/cb?bar=foo', others: [] })
      expect(type).toMatch(/^application\/x-www-form-urlencoded/)
      const received = new URLSearchParams(body)
      expect(received.get('state')).toBe(HOSTILE_TEXTS.join(''))
      await rp.verified(received.get('id_token'))
    } finally {
      server.close()
    }
  })

  it('is refused for an address that browsers do not post to, by the way that reaches it', async () => {
    const redirect_uri = 'com.example.app:/cb'
    await using idp = await startOp({ redirect_uris: [redirect_uri] })
    const rp = new RelyingParty(idp.issuer, flow('code'))
    const page = await rp.open({ redirect_uri, response_mode: 'form_post' })
    expect(page.left?.href).toMatch(/^com\.example\.app:\/cb\?error=invalid_request&/)
    expect(page.left?.searchParams.get('error_description')).toContain('http and https only')
  })
})
