import { describe, expect, it } from 'vitest'
import { loginPage } from '../../src/pages/login_page.ts'
import type { LoginView, UserView } from '../../src/pages/views.ts'
import { attr, type Element, having, one, read, tags, textOf, wholeText } from '../support/html.ts'
import { alice, asked, client, login } from '../support/page_views.ts'

const shown = (view: Partial<LoginView> = {}) => read(loginPage({ ...login, ...view }))
const byId = (root: Element, id: string) => one(having(root, 'id', id))
const byTestId = (root: Element, id: string) => one(having(root, 'data-testid', id))

/** The form that holds the element with this id. */
const formOf = (root: Element, id: string) =>
  one(tags(root, 'form').filter((form) => having(form, 'id', id).length > 0))

describe('the login page', () => {
  it('has one fixed heading and the status that it is given', () => {
    expect(textOf(one(tags(shown(), 'h1')))).toBe('Sign in')
    expect(loginPage(login).status).toBe(200)
    expect(loginPage(login, 400).status).toBe(400)
  })

  it('says who asks, where the answer goes and what is asked', () => {
    const text = textOf(shown())
    expect(text).toContain('Web shop asks you to sign in.')
    expect(text).toContain('Client Web shop web-shop')
    expect(text).toContain('Answer goes to https://shop.example.test/signed-in')
    expect(text).toContain('openid sub profile name, family_name, given_name')
    expect(text).toContain('orders:read')
    expect(text).toContain('Resources https://api.example.test')
  })

  it('calls a client without a name by its id', () => {
    const text = textOf(shown({ asked: { ...asked, client: { client_id: 'batch' } } }))
    expect(text).toContain('batch asks you to sign in.')
  })

  it('links the pages that the client has registered', () => {
    const links = tags(shown(), 'a').map((link) => [textOf(link), attr(link, 'href')])
    expect(links).toEqual([
      ['Home page', 'https://shop.example.test/'],
      ['Privacy policy', 'https://shop.example.test/privacy'],
      ['Terms of service', 'https://shop.example.test/terms'],
    ])
  })

  it('shows as text what is registered as a page and is none', () => {
    const root = shown({ asked: { ...asked, client: { ...client, policy_uri: 'javascript:alert(1)' } } })
    expect(textOf(root)).toContain('Privacy policy: javascript:alert(1)')
    expect(tags(root, 'a').map((link) => textOf(link))).toEqual(['Home page', 'Terms of service'])
  })

  it.each(['picker', 'form'] as const)(
    'posts to its own URL with the id of the interaction, in mode %s',
    (mode) => {
      for (const form of tags(shown({ mode }), 'form')) {
        expect(form.attrs).toEqual([['method', 'post']])
        expect(attr(one(having(form, 'name', 'interaction')), 'value')).toBe('interaction-1')
      }
    },
  )

  it.each(['picker', 'form'] as const)('can be denied without filling in anything, in mode %s', (mode) => {
    const root = shown({ mode })
    const deny = byTestId(root, 'deny')
    expect(deny.attrs).toEqual(
      expect.arrayContaining([
        ['name', 'action'],
        ['value', 'deny'],
        ['id', 'deny'],
      ]),
    )
    expect(having(formOf(root, 'deny'), 'required')).toEqual([])
  })
})

describe('the login page with cards', () => {
  it('has a button for each user, with what tells users apart', () => {
    const root = shown()
    expect(having(root, 'name', 'user').map((card) => attr(card, 'value'))).toEqual(['alice', 'bob', 'carol'])
    const card = byTestId(root, 'user-alice')
    expect(attr(card, 'id')).toBe('user-alice')
    expect(attr(card, 'type')).toBe('submit')
    expect(textOf(card)).toBe('Alice Liddell alice alice@example.test roles: admin editor groups: staff')
  })

  it('draws initials that are no part of the text', () => {
    const initials = having(shown(), 'data-initials').map((each) => [
      attr(each, 'data-initials'),
      textOf(each),
    ])
    expect(initials).toEqual([
      ['AL', ''],
      ['B', ''],
      ['C', ''],
    ])
  })

  it('signs in someone else by a form of its own', () => {
    const root = shown({ username: 'zed', claims: '{"a": 1}' })
    const form = formOf(root, 'sign-in')
    expect(having(form, 'name', 'user')).toEqual([])
    expect(attr(byId(form, 'username'), 'value')).toBe('zed')
    expect(wholeText(byId(form, 'claims'))).toBe('{"a": 1}')
    expect(attr(byTestId(form, 'sign-in'), 'type')).toBe('submit')
    expect(textOf(root)).toContain('Sign in as someone else')
  })

  it('offers the declared users while a name is typed', () => {
    const root = shown()
    const options = tags(byId(root, attr(byId(root, 'username'), 'list') ?? ''), 'option')
    expect(options.map((option) => attr(option, 'value'))).toEqual(['alice', 'bob', 'carol'])
  })

  it('keeps claims as they were typed, line breaks and all', () => {
    const claims = '\n\r\n{\n  "a": "\r</textarea>"\n}\n'
    expect(wholeText(byId(shown({ claims }), 'claims'))).toBe(claims)
  })

  it('marks the user whom login_hint names', () => {
    const root = shown({ username: 'bob' })
    expect(textOf(byTestId(root, 'user-bob'))).toContain('login_hint')
    expect(textOf(byTestId(root, 'user-alice'))).not.toContain('login_hint')
  })

  it('says that there are more users than are shown, and how they sign in', () => {
    expect(textOf(shown())).not.toContain('users are shown')
    const root = shown({ total: 120 })
    expect(textOf(root)).toContain('3 of 120 users are shown; the others sign in by name.')
    const href = one(tags(root, 'a').filter((link) => textOf(link) === 'sign in by name'))
    expect(tags(byId(root, attr(href, 'href')?.slice(1) ?? ''), 'form')).toHaveLength(1)
  })

  it('shows the first roles of a user who has a hundred', () => {
    const roles = Array.from({ length: 100 }, (_, at) => `role-${at}`)
    const text = textOf(byTestId(shown({ users: [{ ...alice, roles }] }), 'user-alice'))
    expect(text).toContain('role-7 +92')
    expect(text).not.toContain('role-8')
  })

  it('bears a thousand users', () => {
    const user = (at: number): UserView => ({ username: `u${at}`, roles: [], groups: [] })
    const root = shown({ users: Array.from({ length: 1000 }, (_, at) => user(at)), total: 1000 })
    expect(having(root, 'name', 'user')).toHaveLength(1000)
  })

  it('is the form alone where no users are declared', () => {
    const root = shown({ users: [], total: 0 })
    expect(having(root, 'name', 'user')).toEqual([])
    expect(textOf(root)).toContain('Sign in as anyone')
    expect(attr(byId(root, 'username'), 'list')).toBeUndefined()
  })

  it('begins with the form where a new account is asked for', () => {
    const order = (root: Element) =>
      having(root, 'id')
        .map((each) => attr(each, 'id'))
        .filter((id) => id === 'sign-in' || id === 'user-alice')
    expect(order(shown())).toEqual(['user-alice', 'sign-in'])
    const root = shown({ create: true })
    expect(order(root)).toEqual(['sign-in', 'user-alice'])
    expect(textOf(root)).toContain('The application asks for a new account.')
    expect(textOf(one(tags(root, 'h1')))).toBe('Sign in')
  })
})

describe('the login page with a password', () => {
  it('is one form with fields and a button of fixed names', () => {
    const form = formOf(shown({ mode: 'form' }), 'sign-in')
    expect(['username', 'password', 'claims'].map((id) => attr(byId(form, id), 'name'))).toEqual([
      'username',
      'password',
      'claims',
    ])
    expect(attr(byId(form, 'password'), 'type')).toBe('password')
    expect(attr(byId(form, 'username'), 'autocomplete')).toBe('username')
    expect(attr(byId(form, 'password'), 'autocomplete')).toBe('current-password')
  })

  it('names none of the users', () => {
    expect(textOf(shown({ mode: 'form' }))).not.toContain('alice')
  })

  it('opens the field for claims when some were typed', () => {
    const open = (view: Partial<LoginView>) =>
      attr(one(tags(shown({ mode: 'form', ...view }), 'details')), 'open')
    expect(open({})).toBeUndefined()
    expect(open({ claims: '{' })).toBe('')
  })

  it('asks a browser for a new password where a new account is asked for', () => {
    const root = shown({ mode: 'form', create: true })
    expect(attr(byId(root, 'password'), 'autocomplete')).toBe('new-password')
  })
})

describe('the login page shown again', () => {
  it('says why, in a note that is read out', () => {
    const problem = byTestId(shown({ problem: 'no user is called <zed>' }), 'problem')
    expect(attr(problem, 'role')).toBe('alert')
    expect(textOf(problem)).toBe('no user is called <zed>')
    expect(having(shown(), 'role', 'alert')).toEqual([])
  })

  it.each([
    ['username', undefined],
    ['password', 'password'],
    ['claims', 'claims'],
  ] as const)('ties the problem to the field that it is about: %s', (id, problem_at) => {
    const root = shown({ mode: 'form', problem: 'so it is', problem_at })
    const field = one(having(root, 'aria-invalid', 'true'))
    expect(attr(field, 'id')).toBe(id)
    expect(attr(field, 'aria-describedby')).toBe('problem')
  })
})
