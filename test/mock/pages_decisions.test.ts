import { describe, expect, it } from 'vitest'
import { consentPage } from '../../src/pages/consent_page.ts'
import { errorPage } from '../../src/pages/error_page.ts'
import { logoutPage } from '../../src/pages/logout_page.ts'
import { attr, type Element, having, one, read, tags, textOf } from '../support/html.ts'
import { consent, logout, refusal } from '../support/page_views.ts'

const byTestId = (root: Element, id: string) => one(having(root, 'data-testid', id))

/** What each button of the form says, by its id, which is the value it sends as well. */
function actions(root: Element): Record<string, string> {
  const form = one(tags(root, 'form'))
  expect(form.attrs).toEqual([['method', 'post']])
  const buttons = having(form, 'name', 'action')
  for (const button of buttons) expect(attr(button, 'value')).toBe(attr(button, 'data-testid'))
  return Object.fromEntries(buttons.map((button) => [attr(button, 'id'), textOf(button)]))
}

describe('the consent page', () => {
  const root = read(consentPage(consent))

  it('allows or denies', () => {
    expect(textOf(one(tags(root, 'h1')))).toBe('Allow access')
    expect(actions(root)).toEqual({ allow: 'Allow', deny: 'Deny' })
    expect(attr(one(having(root, 'name', 'interaction')), 'value')).toBe('interaction-2')
  })

  it('says who is signed in', () => {
    expect(textOf(root)).toContain('Signed in as Alice Liddell alice alice@example.test')
  })

  it('says who asks for what, down to single claims', () => {
    const text = textOf(root)
    expect(text).toContain('Web shop asks for access in your name.')
    expect(text).toContain('Answer goes to https://shop.example.test/signed-in')
    expect(text).toContain('openid sub profile name')
    expect(text).toContain('Single claims birthdate')
    expect(text).toContain('Resources https://api.example.test')
  })
})

describe('the logout page', () => {
  it('signs out or not', () => {
    const root = read(logoutPage(logout))
    expect(textOf(one(tags(root, 'h1')))).toBe('Sign out')
    expect(actions(root)).toEqual({ logout: 'Sign out', stay: 'Stay signed in' })
    expect(attr(one(having(root, 'name', 'interaction')), 'value')).toBe('interaction-3')
  })

  it('says who asks and who is signed in', () => {
    const text = textOf(read(logoutPage(logout)))
    expect(text).toContain('Web shop asks you to sign out.')
    expect(text).toContain('Signed in as Alice Liddell')
  })

  it('asks alike when neither is known, and says why', () => {
    const problem = 'post_logout_redirect_uri came without id_token_hint; nobody is sent there'
    const root = read(logoutPage({ ...logout, user: undefined, client: undefined, problem }))
    expect(Object.keys(actions(root))).toEqual(['logout', 'stay'])
    expect(textOf(byTestId(root, 'problem'))).toBe(problem)
  })
})

describe('the error page', () => {
  const root = read(errorPage(refusal))

  it('has the status of the mistake', () => {
    expect(errorPage(refusal).status).toBe(400)
    expect(errorPage({ ...refusal, status: 404 }).status).toBe(404)
  })

  it('has the fixed phrase of the mistake as heading', () => {
    expect(textOf(one(tags(root, 'h1')))).toBe('Redirect URI not registered')
  })

  it('says the code, the reason and the description where a test finds them', () => {
    expect(textOf(byTestId(root, 'error'))).toBe('invalid_request')
    expect(textOf(byTestId(root, 'reason'))).toBe('redirect_uri.invalid')
    expect(textOf(byTestId(root, 'error-description'))).toBe(refusal.description)
  })

  it('sets what came and what is registered one below the other', () => {
    const rows = tags(root, 'tr').map((row) => [textOf(one(tags(row, 'th'))), textOf(one(tags(row, 'td')))])
    expect(rows).toEqual(refusal.facts)
    expect(tags(read(errorPage({ ...refusal, facts: [] })), 'table')).toEqual([])
  })

  it('says what to do, and leads nowhere', () => {
    expect(textOf(root)).toContain('What to do')
    expect([...tags(root, 'a'), ...tags(root, 'form')]).toEqual([])
  })
})
