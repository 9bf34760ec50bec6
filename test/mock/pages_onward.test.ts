import { describe, expect, it } from 'vitest'
import { formPostPage } from '../../src/pages/form_post_page.ts'
import { signedOutPage } from '../../src/pages/signed_out_page.ts'
import type { SignedOutView } from '../../src/pages/views.ts'
import type { EndpointResponse } from '../../src/protocol/messages.ts'
import { attr, having, one, read, tags, textOf, wholeText } from '../support/html.ts'
import { formPost, signedOut } from '../support/page_views.ts'

const policyOf = ({ headers }: EndpointResponse) => headers['content-security-policy'] ?? ''
const signedOutWith = (view: Partial<SignedOutView>) => signedOutPage({ ...signedOut, ...view })

/** No statement, operator or method that came after ES5. */
const LATER = /\b(const|let|class|async|await|of)\b|=>|`|\?\.|\?\?|\.\.\.|\bfetch\b|\bPromise\b/

describe('OpenID Connect Front-Channel Logout 1.0: the signed-out page', () => {
  it('has a heading of its own', () => {
    expect(textOf(one(tags(read(signedOutPage(signedOut)), 'h1')))).toBe('You are signed out')
  })

  it('loads every client in an invisible frame, from its origin alone', () => {
    const page = signedOutPage(signedOut)
    expect(tags(read(page), 'iframe').map((each) => attr(each, 'src'))).toEqual(signedOut.frames)
    // A host in brackets is nothing that a policy can name, so its scheme stands for it.
    expect(policyOf(page)).toContain('frame-src https://shop.example.test http:;')
  })

  it('loads no frame from what is no http or https URL, and says so', () => {
    const page = signedOutWith({ frames: ['javascript:alert(1)', 'data:text/html,x', '/logout'] })
    expect(tags(read(page), 'iframe')).toEqual([])
    expect(policyOf(page)).not.toContain('frame-src')
    expect(textOf(read(page))).toContain('Not told, as this is no http or https URL: javascript:alert(1)')
  })

  it('goes on by a script that takes the address from its link', () => {
    const root = read(signedOutPage(signedOut))
    const link = one(having(root, 'data-testid', 'continue'))
    expect(attr(link, 'id')).toBe('continue')
    expect(attr(link, 'href')).toBe(signedOut.next)
    const script = wholeText(one(tags(root, 'script')))
    expect(script).toContain("getElementById('continue')")
    expect(script).not.toContain('example.test')
    expect(script).not.toMatch(LATER)
  })

  it('runs no script where there is nowhere to go', () => {
    const page = signedOutWith({ next: undefined })
    expect(tags(read(page), 'script')).toEqual([])
    expect(policyOf(page)).not.toContain('script-src')
    expect(textOf(read(page))).toContain('You may close this window.')
  })

  it.each(['com.example.app:/bye', 'myapp://signed-out', 'http://127.0.0.1:5000/'])(
    'goes on to %s',
    (next) => {
      const root = read(signedOutWith({ next }))
      expect(attr(one(having(root, 'data-testid', 'continue')), 'href')).toBe(next)
    },
  )

  it.each([
    ...[
      'javascript:alert(1)',
      ' JavaScript:alert(1)',
      'java\tscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
    ],
    ...['blob:https://a/b', 'file:///etc/passwd', 'about:blank', 'view-source:https://a', '/relative', ''],
  ])('goes nowhere for %j, and shows it as text', (next) => {
    const page = signedOutWith({ next })
    expect([...tags(read(page), 'a'), ...tags(read(page), 'script')]).toEqual([])
    expect(textOf(read(page))).toContain('No browser may be sent on to')
  })

  it('shows why it goes nowhere', () => {
    const root = read(signedOutWith({ next: undefined, problem: 'not registered' }))
    expect(textOf(one(having(root, 'data-testid', 'problem')))).toBe('not registered')
  })
})

describe('OAuth 2.0 Form Post Response Mode §2: the form post page', () => {
  it('is titled for those who see it', () => {
    expect(textOf(one(tags(read(formPostPage(formPost)), 'title')))).toBe('Submit this form')
  })

  it('posts the parameters, and nothing else, to the redirect URI as it is', () => {
    const form = one(tags(read(formPostPage(formPost)), 'form'))
    expect(form.attrs).toEqual([
      ['method', 'post'],
      ['action', formPost.action],
    ])
    const sent = having(form, 'name').map((each) => [attr(each, 'name'), attr(each, 'value')])
    expect(sent).toEqual(formPost.params)
  })

  it('submits itself by one line, and by a button where no script runs', () => {
    const root = read(formPostPage(formPost))
    expect(wholeText(one(tags(root, 'script')))).toBe('document.forms[0].submit()')
    expect(attr(one(tags(root, 'button')), 'type')).toBe('submit')
    expect(attr(one(tags(root, 'button')), 'name')).toBeUndefined()
  })

  it.each(['com.example.app:/cb', 'javascript:alert(1)', 'data:text/html,x', '/cb'])(
    'has no form for %s, to which no browser posts',
    (action) => {
      const page = formPostPage({ ...formPost, action })
      expect([...tags(read(page), 'form'), ...tags(read(page), 'script')]).toEqual([])
      expect(textOf(read(page))).toContain(`not to ${action}`)
    },
  )
})
