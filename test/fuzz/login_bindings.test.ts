/** Laws of what holds a login together: redirect URIs, cookies, PKCE; fast-check prints the seed of a failure. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { challengeOf } from '../../src/authorization/code_challenge.ts'
import { isSameUri } from '../../src/authorization/redirect_uri.ts'
import type { Context } from '../../src/context.ts'
import { verifyChallenge } from '../../src/grants/code_verifier.ts'
import { OAuthError } from '../../src/protocol/errors.ts'
import { readCookie, setCookie } from '../../src/sessions/cookie.ts'
import { contextOf } from '../support/context.ts'
import { text } from './hostile.ts'

const RUNS = { numRuns: 1000 }

const { cx, client } = await contextOf({ clients: [{ client_id: 'web', client_secret: 's3cret' }] })

describe('the comparison of redirect URIs', () => {
  const host = fc.constantFrom(
    '127.0.0.1',
    '[::1]',
    'localhost',
    'app.test',
    'localhost.evil.test',
    '127.0.0.2',
  )
  const scheme = fc.constantFrom('http', 'http', 'https', 'HTTP', 'com.example.app')
  const port = fc.oneof(
    fc.constant(''),
    fc.integer({ min: 0, max: 99_999 }).map((each) => `:${each}`),
  )
  const rest = fc.constantFrom(
    '',
    '/',
    '/cb',
    '/cb?a=b',
    '?a',
    '#f',
    '/cb/',
    '/%63b',
    '@evil.test/',
    '\\@evil.test/cb',
  )
  const parts = fc.record({ scheme, host, port, rest })
  const written = (uri: { scheme: string; host: string; port: string; rest: string }) =>
    `${uri.scheme}://${uri.host}${uri.port}${uri.rest}`
  const uri = fc.oneof({ weight: 4, arbitrary: parts.map(written) }, text)

  it('is reflexive and symmetric', () => {
    const law = (one: string, other: string) => {
      expect(isSameUri(one, one)).toBe(true)
      expect(isSameUri(one, other)).toBe(isSameUri(other, one))
    }
    fc.assert(fc.property(uri, uri, law), RUNS)
  })

  it('leaves the port free on this machine alone, and everything else fixed', () => {
    const law = (one: Parameters<typeof written>[0], other: string, free: string) => {
      const changed = { ...one, port: free }
      const isLoopback = one.scheme === 'http' && ['127.0.0.1', '[::1]', 'localhost'].includes(one.host)
      const isPlain = /^([/?]|$)/.test(one.rest) && !one.rest.includes('#')
      expect(isSameUri(written(one), written(changed))).toBe(one.port === free || (isLoopback && isPlain))
      // Two that count as the same differ at most in that.
      if (isSameUri(written(one), other) && other !== written(one)) {
        const [left, right] = [new URL(written(one)), new URL(other)]
        expect([left.protocol, left.hostname, left.pathname, left.search]).toEqual([
          right.protocol,
          right.hostname,
          right.pathname,
          right.search,
        ])
        expect(isLoopback).toBe(true)
      }
    }
    const valid = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1, max: 65_535 }).map((each) => `:${each}`),
    )
    const fixed = fc.record({ scheme, host, port: valid, rest })
    fc.assert(fc.property(fixed, uri, valid, law), RUNS)
  })
})

describe('the session cookie', () => {
  const named = (name: string) =>
    ({ tenant: { name }, bases: { caller: 'http://localhost' } }) as unknown as Context
  const request = (cookie: string) => ({ headers: { cookie } }) as unknown as Parameters<typeof readCookie>[0]
  const value = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.'), minLength: 1, maxLength: 20 })
  const tenant = fc.constantFrom('default', 'contoso', 'contoso-2')
  const others = fc.array(
    fc.oneof(text, fc.constantFrom('a=b', 'idp_double_session=x', 'idp_double_session.c=y')),
    {
      maxLength: 4,
    },
  )

  it('reads back what was set, among any others, and only in its own tenant', () => {
    const law = (name: string, own: string, before: string[], after: string[]) => {
      const [pair = ''] = setCookie(own, 60, named(name)).split('; ')
      const safe = [...before, ...after].every((each) => !each.includes(`session.${name}`))
      fc.pre(safe)
      expect(readCookie(request([...before, pair, ...after].join('; ')), named(name))).toBe(own)
      expect(readCookie(request(pair), named(`${name}x`))).toBeUndefined()
    }
    fc.assert(fc.property(tenant, value, others, others, law), RUNS)
  })

  it('is never more than text, whatever header came', () => {
    const law = (header: string) => {
      const came = readCookie(request(header), named('default'))
      expect(came === undefined || header.includes(came)).toBe(true)
    }
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((each) => `idp_double_session.default=${each}`),
        ),
        law,
      ),
      RUNS,
    )
  })
})

const params = (given: Record<string, string | undefined>) =>
  new Map(Object.entries(given).flatMap(([name, value]) => (value ? [[name, [value]] as const] : [])))

describe('PKCE', () => {
  const unit = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~')
  const verifier = fc.string({ unit, minLength: 43, maxLength: 128 })
  const s256 = (each: string) => createHash('sha256').update(each).digest('base64url')

  it('accepts the verifier that the challenge was made of, and no other', () => {
    const law = (one: string, other: string, method: 'S256' | 'plain') => {
      const code_challenge = method === 'S256' ? s256(one) : one
      const challenge = challengeOf(params({ code_challenge, code_challenge_method: method }), client, cx)
      expect(challenge).toEqual({ value: code_challenge, method })
      verifyChallenge(challenge, one, cx)
      for (const wrong of [other, undefined, code_challenge, `${one}x`, one.slice(1)])
        if (wrong !== one) expect(() => verifyChallenge(challenge, wrong, cx)).toThrow(OAuthError)
    }
    fc.assert(fc.property(verifier, verifier, fc.constantFrom('S256', 'plain'), law), RUNS)
  })

  it('refuses a challenge that is none, in words of its own', () => {
    const law = (code_challenge: string, code_challenge_method: string) => {
      const read = () => challengeOf(params({ code_challenge, code_challenge_method }), client, cx)
      const isFine =
        /^[\w.~-]{43,128}$/.test(code_challenge) && ['S256', 'plain', ''].includes(code_challenge_method)
      const isAbsent = code_challenge === '' && code_challenge_method === ''
      if (isFine || isAbsent) expect(read()?.value).toBe(isFine ? code_challenge : undefined)
      else expect(read).toThrow(OAuthError)
    }
    const method = fc.oneof(fc.constantFrom('S256', 'plain', 's256', ''), text)
    fc.assert(fc.property(fc.oneof(verifier, text), method, law), RUNS)
  })
})
