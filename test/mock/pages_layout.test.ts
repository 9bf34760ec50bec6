import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { adminConsentPage } from '../../src/pages/admin_consent_page.ts'
import { consentPage } from '../../src/pages/consent_page.ts'
import { errorPage } from '../../src/pages/error_page.ts'
import { formPostPage } from '../../src/pages/form_post_page.ts'
import { loginPage } from '../../src/pages/login_page.ts'
import { logoutPage } from '../../src/pages/logout_page.ts'
import { secondFactorPage } from '../../src/pages/second_factor_page.ts'
import { signedOutPage } from '../../src/pages/signed_out_page.ts'
import { attr, every, having, mistakesOf, one, read, tags, textOf, wholeText } from '../support/html.ts'
import * as views from '../support/page_views.ts'

const PAGES = [
  ['login', loginPage(views.login)],
  ['login with a password', loginPage({ ...views.login, mode: 'form' })],
  ['consent', consentPage(views.consent)],
  ['consent of an administrator', adminConsentPage({ ...views.consent, organisation: 'Contoso' })],
  ['second factor', secondFactorPage({ ...views.consent, user: views.alice })],
  ['logout', logoutPage(views.logout)],
  ['signed out', signedOutPage(views.signedOut)],
  ['error', errorPage(views.refusal)],
  ['form post', formPostPage({ ...views.formPost, tenant: 'contoso', issuer: views.login.issuer })],
] as const

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

function policyOf(page: { readonly headers: Readonly<Record<string, string>> }): Map<string, string> {
  const directives = (page.headers['content-security-policy'] ?? '').split('; ')
  return new Map(directives.map((each) => [each.replace(/ .*/, ''), each.replace(/^\S+ /, '')]))
}

describe('every page', () => {
  it.each(PAGES)('is HTML that nobody keeps, sniffs or frames: %s', (_name, { headers }) => {
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })

  it.each(PAGES)('lets forms say which origin they come from: %s', (name, { headers }) => {
    expect(headers['referrer-policy']).toBe(name === 'form post' ? 'strict-origin' : 'same-origin')
  })

  it.each(PAGES)('allows nothing but its own style, by hash: %s', (_name, page) => {
    const policy = policyOf(page)
    expect(policy.get('style-src')).toBe(hashOf(wholeText(one(tags(read(page), 'style')))))
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('base-uri')).toBe("'none'")
    expect(policy.get('frame-ancestors')).toBe("'none'")
  })

  it.each(PAGES)(
    'names no form-action, which Chrome applies to the redirects after a form: %s',
    (_name, page) => {
      expect([...policyOf(page).keys()]).not.toContain('form-action')
    },
  )

  it.each(PAGES)('has a script only where it is pinned by its hash: %s', (_name, page) => {
    const scripts = tags(read(page), 'script').map((script) => hashOf(wholeText(script)))
    expect(scripts).toEqual([policyOf(page).get('script-src')].filter((source) => source !== undefined))
    expect(
      every(read(page)).flatMap(({ attrs }) => attrs.filter(([name]) => /^(on|style$)/.test(name))),
    ).toEqual([])
  })

  it.each(PAGES)('says that it is for tests only, and where it comes from: %s', (_name, page) => {
    const footer = textOf(one(tags(read(page), 'footer')))
    expect(footer).toBe('IdP Double · TEST ONLY · contoso · http://localhost:8080/contoso')
  })

  it.each(PAGES)('has one heading, which is its title, inside its main part: %s', (_name, page) => {
    const root = read(page)
    const heading = one(tags(one(tags(root, 'main')), 'h1'))
    expect(textOf(heading)).toBe(textOf(one(tags(root, 'title'))))
    expect(attr(one(tags(root, 'html')), 'lang')).toBe('en')
    expect(attr(one(having(root, 'name', 'viewport')), 'content')).toMatch(/width=device-width/)
  })

  it.each(PAGES)('labels every field that is to be filled in: %s', (_name, page) => {
    const root = read(page)
    const fields = every(root).filter(({ tag }) => tag === 'input' || tag === 'textarea')
    for (const field of fields.filter((each) => attr(each, 'type') !== 'hidden'))
      expect(textOf(one(having(root, 'for', attr(field, 'id'))))).not.toBe('')
  })

  it.each(PAGES)('uses an id once, and refers to ids that are there: %s', (_name, page) => {
    const root = read(page)
    const ids = having(root, 'id').map((each) => attr(each, 'id'))
    expect(new Set(ids).size).toBe(ids.length)
    const named = ['for', 'list', 'aria-describedby'].flatMap((name) =>
      having(root, name).map((each) => attr(each, name)),
    )
    expect(ids).toEqual(expect.arrayContaining(named))
  })

  it.each(PAGES)('is written without a mistake, in less than 12 kB: %s', (_name, page) => {
    expect(mistakesOf(page)).toEqual([])
    expect(Buffer.byteLength(String(page.body))).toBeLessThan(12_000)
  })

  it.each(PAGES)('loads nothing from elsewhere but a logo and the frames of a logout: %s', (_name, page) => {
    const loading = having(read(page), 'src').map((each) => each.tag)
    expect(loading.filter((tag) => tag !== 'img' && tag !== 'iframe')).toEqual([])
    expect(tags(read(page), 'link')).toEqual([])
  })
})

describe('the logo of a client', () => {
  const withLogo = (logo_uri: string | undefined) =>
    loginPage({ ...views.login, asked: { ...views.asked, client: { ...views.client, logo_uri } } })

  it('is shown, and its origin alone is allowed for images', () => {
    const page = loginPage(views.login)
    expect(attr(one(tags(read(page), 'img')), 'src')).toBe('https://cdn.example.test/logo.png')
    expect(policyOf(page).get('img-src')).toBe('https://cdn.example.test')
  })

  it('allows no image where there is none', () => {
    expect(policyOf(withLogo(undefined)).get('img-src')).toBeUndefined()
  })

  it.each([
    'javascript:alert(1)',
    'data:image/png;base64,AA',
    '/logo.png',
    '//cdn.example.test/logo.png',
    'nothing',
  ])('is not loaded from %s', (logo_uri) => {
    const page = withLogo(logo_uri)
    expect(tags(read(page), 'img')).toEqual([])
    expect(policyOf(page).get('img-src')).toBeUndefined()
  })

  it.each([
    ['http://[::1]:3000/logo.png', 'http:'],
    ["https://a;script-src'self'/logo.png", 'https:'],
    ['https://a,b/logo.png', 'https:'],
    ['https://*/logo.png', 'https:'],
    ['https://bücher.test:8443/logo.png', 'https://xn--bcher-kva.test:8443'],
  ])('at %s is allowed as %s, which is all that a policy can say of it', (logo_uri, source) => {
    expect(policyOf(withLogo(logo_uri)).get('img-src')).toBe(source)
  })
})
