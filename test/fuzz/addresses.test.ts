/** Laws of where a request arrives; fast-check prints the seed of a failure. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callerOf } from '../../src/http/host.ts'
import { canonicalPath } from '../../src/http/routes.ts'
import { OAuthError } from '../../src/protocol/errors.ts'

const RUNS = { numRuns: 1000 }

describe('the host of a request', () => {
  function message(url: string, ...fields: readonly (readonly [string, string])[]): IncomingMessage {
    const request = new IncomingMessage(new Socket())
    request.url = url
    request.rawHeaders = fields.flat()
    request.headers = Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value]))
    return request
  }
  const port = fc.oneof(
    fc.constant(''),
    fc.integer({ min: 0, max: 65_535 }).map((each) => `:${each}`),
  )
  const bracketed = fc.ipV6().map((each) => `[${each}]`)
  const name = fc.oneof(
    fc.domain(),
    fc.constantFrom('localhost', 'LocalHost', 'my_service'),
    fc.ipV4(),
    bracketed,
  )

  it('is taken as it came where it is a name or an address, with a port or without', () => {
    const law = (host: string, at: string) => {
      const caller = callerOf(message('/', ['Host', `${host}${at}`]), false)
      expect(caller).toMatchObject({
        origin: `http://${host}${at}`,
        hostname: host.toLowerCase(),
        prefix: '',
      })
    }
    fc.assert(fc.property(name, port, law), RUNS)
  })

  it('is refused as host.invalid, or else makes a URL with nothing but scheme and host', () => {
    const of = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 20 })
    const almost = fc.tuple(
      fc.oneof(
        of('0123456789.x'),
        of('0123456789abcdef:.').map((each) => `[${each}]`),
      ),
      of(':0123456789'),
    )
    const hosts = fc.oneof(
      of('a19.:[]@/%-_ #?ä\\'),
      almost.map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    const law = (host: string, isTrusted: boolean) => {
      const request = message('/', ['Host', isTrusted ? 'proxied' : host], ['X-Forwarded-Host', host])
      let origin: string
      try {
        origin = callerOf(request, isTrusted).origin
      } catch (error) {
        expect(error).toBeInstanceOf(OAuthError)
        expect((error as OAuthError).reason).toBe('host.invalid')
        return
      }
      const { username, password, pathname, search, hash } = new URL(origin)
      expect([username, password, pathname, search, hash]).toEqual(['', '', '/', '', ''])
    }
    fc.assert(fc.property(hosts, fc.boolean(), law), { numRuns: 3000 })
  })

  it('is refused when it comes never or more than once', () => {
    const law = (count: number) => {
      const fields = Array.from({ length: count }, () => ['hOsT', 'localhost'] as const)
      expect(() => callerOf(message('/', ...fields), false)).toThrow(OAuthError)
    }
    fc.assert(fc.property(fc.constantFrom(0, 2, 3), law), RUNS)
  })

  it('is what a proxy says only where proxies are trusted', () => {
    const law = (host: string, shownHost: string, proto: string) => {
      const fields = [
        ['Host', host],
        ['X-Forwarded-Host', shownHost],
        ['X-Forwarded-Proto', proto],
      ] as const
      expect(callerOf(message('/', ...fields), true).origin).toBe(`${proto}://${shownHost}`)
      expect(callerOf(message('/', ...fields), false).origin).toBe(`http://${host}`)
    }
    fc.assert(fc.property(fc.domain(), fc.domain(), fc.constantFrom('http', 'https'), law), RUNS)
  })

  it('is refused with a target that is no path', () => {
    const law = (target: string) => {
      fc.pre(!target.startsWith('/'))
      expect(() => callerOf(message(target, ['Host', 'localhost']), false)).toThrow(OAuthError)
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), law), RUNS)
  })
})

describe('the address of the metadata', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '~', '%', '2'), minLength: 1 })

  it('is the same wherever the well-known part stands', () => {
    const law = (segments: string[], document: string) => {
      const path = segments.map((each) => `/${each}`).join('')
      fc.pre(!path.startsWith('/.well-known'))
      const canonical = `${path}/.well-known/openid-configuration`
      expect(canonicalPath(`${path}/.well-known/${document}`)).toBe(canonical)
      expect(canonicalPath(`/.well-known/${document}${path}`)).toBe(canonical)
    }
    const document = fc.constantFrom('openid-configuration', 'oauth-authorization-server')
    fc.assert(fc.property(fc.array(segment, { maxLength: 4 }), document, law), RUNS)
  })
})
