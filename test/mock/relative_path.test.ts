import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { relativePath } from '../../src/protocol/relative.ts'

const CASES = [
  ['/authorize', '/login', 'login'],
  ['/logout', '/logout/confirm', 'logout/confirm'],
  ['/logout/confirm', '/logout', '../logout'],
  ['/protocol/openid-connect/auth', '/login-actions/authenticate', '../../login-actions/authenticate'],
  ['/protocol/openid-connect/auth', '/protocol/openid-connect/logout', 'logout'],
  ['/oauth2/v2.0/authorize', '/oauth2/authorize', '../authorize'],
  ['/oauth2/authorize', '/oauth2/v2.0/login', 'v2.0/login'],
  ['/same', '/same', 'same'],
  ['/a', '/', './'],
  ['/', '/a', 'a'],
  ['/a/b', '/a/', './'],
  ['/a/b', '/', '../'],
  ['/a', '/b:c', './b:c'],
  ['/a', '//b', './/b'],
] as const

const segment = fc.stringMatching(/^[a-z0-9:._~-]{0,4}$/).filter((text) => text !== '.' && text !== '..')
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => `/${segments.join('/')}`)

describe('RFC 3986 §4.2 Relative Reference', () => {
  it.each(CASES)('leads from %s to %s by %s', (from, to, reference) => {
    expect(relativePath(from, to)).toBe(reference)
  })

  it('resolves to the target below any prefix, by the rules of §5.2', () => {
    fc.assert(
      fc.property(path, path, fc.constantFrom('', '/realms/demo', '/auth/%3A/x'), (from, to, prefix) => {
        const reference = relativePath(from, to)
        const url = new URL(reference, `http://localhost${prefix}${from}`)
        expect(url.href).toBe(`http://localhost${prefix}${to}`)
      }),
    )
  })
})
