import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { view } from '../../src/record/view.ts'
import { formPost } from '../../src/response_modes/form_post.ts'
import { form, recorded } from '../support/recorded.ts'

describe('the record', () => {
  it('shows no secret in any place, whatever stands beside it', () => {
    const names = [
      'client_secret',
      'password',
      'code',
      'refresh_token',
      'code_verifier',
      'device_code',
      'Token',
    ]
    const text = fc.string({ unit: 'binary' })
    const params = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 6 })
    const secret = fc.stringMatching(/^[A-Z0-9 %&=+"'<\\]{2}[A-Z]\d[A-Z0-9 %&=+"'<\\.-]{6,90}[A-Z0-9]$/)
    fc.assert(
      fc.property(fc.constantFrom(...names), secret, params, (name, value, more) => {
        const sent: [string, string][] = [...more, [name, value], ['seen', `<${value}>`]]
        const query = new URLSearchParams(sent)
        const entry = recorded({
          url: `http://localhost/token?${query}`,
          request: { headers: { referer: `/?${query}` }, body: form(Object.fromEntries(sent)) },
          response: {
            headers: { location: `https://app.example/?${query}` },
            body: formPost.respond('https://app.example', sent).body,
          },
          exchange: { description: `it is ${value}`, notes: [{ level: 'warn', check: 'pkce', text: value }] },
        })
        const text = JSON.stringify(view(entry, { secrets: 'mask', salt: 'salt' }))
        const forms = [
          value,
          encodeURIComponent(value),
          new URLSearchParams({ '': value }).toString().slice(1),
        ]
        for (const each of forms) expect(text).not.toContain(JSON.stringify(each).slice(1, -1))
      }),
    )
  })
})
