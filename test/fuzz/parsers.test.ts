/** Laws that the parsers and the small languages keep for any input; fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientSecretBasic } from '../../src/client_auth/client_secret_basic.ts'
import type { ClientConfig, Context } from '../../src/context.ts'
import { parseDuration } from '../../src/protocol/duration.ts'
import { OAuthError, oneOf, printable, shown } from '../../src/protocol/errors.ts'
import {
  every,
  first,
  MalformedForm,
  NO_PARAMS,
  type Params,
  parseForm,
  withParam,
} from '../../src/protocol/params.ts'
import { isScopeToken, parseScope } from '../../src/protocol/scope.ts'
import { uuidOf } from '../../src/protocol/uuid.ts'

const RUNS = { numRuns: 1000 }

/** Any text, with what parsers stumble over made likely. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '%',
      '=',
      '&',
      '+',
      ':',
      '2',
      '5',
      'a',
      ' ',
      '"',
      '\\',
      '\0',
      'ä',
      '\ud800',
      '{',
      '}',
    ),
  }),
)
/** Text that UTF-8 can carry. */
const sendable = fc.string({ unit: 'grapheme' })
const pairs = fc.array(fc.tuple(sendable, sendable), { maxLength: 200 })

function asPlain(params: Params): Record<string, readonly string[]> {
  return Object.fromEntries(params)
}

function grouped(list: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of list)
    if (name !== '' && value !== '') groups.set(name, [...(groups.get(name) ?? []), value])
  return Object.fromEntries(groups)
}

/** What a parser throws, which must be of its own kind. */
function thrownBy(parse: () => unknown): unknown {
  try {
    parse()
    return undefined
  } catch (error) {
    return error
  }
}

describe('application/x-www-form-urlencoded', () => {
  it('reads back what URLSearchParams writes', () => {
    const law = (list: [string, string][]) =>
      void expect(asPlain(parseForm(new URLSearchParams(list).toString()))).toEqual(grouped(list))
    fc.assert(fc.property(pairs, law), RUNS)
  })

  it('throws nothing but MalformedForm', () => {
    const law = (form: string) => {
      const error = thrownBy(() => parseForm(form))
      expect(error === undefined || error instanceof MalformedForm).toBe(true)
    }
    fc.assert(fc.property(text, law), RUNS)
  })

  it('gives neither empty names nor empty values', () => {
    const law = (form: string) => {
      fc.pre(thrownBy(() => parseForm(form)) === undefined)
      const params = parseForm(form)
      for (const [name, values] of params)
        expect([name !== '', values.length > 0, values.includes('')]).toEqual([true, true, false])
    }
    fc.assert(fc.property(text, law), RUNS)
  })

  it('reads two forms joined by & as one after the other', () => {
    const law = (left: [string, string][], right: [string, string][]) => {
      const joined = [left, right].map((list) => new URLSearchParams(list).toString()).join('&')
      expect(asPlain(parseForm(joined))).toEqual(grouped([...left, ...right]))
    }
    const half = fc.array(fc.tuple(sendable, sendable), { maxLength: 20 })
    fc.assert(fc.property(half, half, law), RUNS)
  })

  it('refuses a % that starts no octet', () => {
    const broken = fc.constantFrom('%', '%0', '%zz', '%u0041', '%-1', '%ff', '%c3', '%ed%a0%80')
    const law = (before: string, bad: string) =>
      void expect(thrownBy(() => parseForm(`a=${encodeURIComponent(before)}${bad}`))).toBeInstanceOf(
        MalformedForm,
      )
    fc.assert(fc.property(sendable, broken, law), RUNS)
  })

  it('refuses more than 200 parameters, whatever they are', () => {
    const law = (count: number, pair: string) =>
      void expect(thrownBy(() => parseForm(Array(count).fill(pair).join('&')))).toBeInstanceOf(MalformedForm)
    fc.assert(
      fc.property(fc.integer({ min: 201, max: 400 }), fc.constantFrom('', 'a', 'a=1', '='), law),
      RUNS,
    )
  })

  it('changes one parameter and no other', () => {
    const law = (list: [string, string][], name: string, values: string[]) => {
      const before = parseForm(new URLSearchParams(list).toString())
      const after = withParam(before, name, ...values)
      expect(every(after, name)).toEqual(values)
      expect(first(after, name)).toBe(values[0])
      expect(asPlain(withParam(after, name))).toEqual(asPlain(withParam(before, name)))
    }
    fc.assert(fc.property(pairs, sendable, fc.array(sendable, { maxLength: 3 }), law), RUNS)
  })
})

describe('HTTP Basic', () => {
  const attempt = (authorization: string) =>
    clientSecretBasic.attempt({
      ...{ headers: { authorization }, params: NO_PARAMS, query: NO_PARAMS },
      assertion: undefined,
    })
  const header = (octets: string) => `Basic ${Buffer.from(octets, 'utf8').toString('base64')}`
  const formEncode = (value: string) => new URLSearchParams({ '': value }).toString().slice(1)
  const strict = {
    tenant: { config: { strictness: { default: 'strict', checks: {} } } },
  } as unknown as Context
  const holder = (secret: string) => ({ client_id: 'it', secrets: [secret] }) as unknown as ClientConfig

  it('reads back any id and secret that were form-urlencoded first', async () => {
    const law = async (id: string, secret: string, other: string) => {
      const made = attempt(header(`${formEncode(id)}:${formEncode(secret)}`))
      expect(made?.client_id).toBe(id)
      await made?.verify(holder(secret), strict)
      if (other !== secret) await expect(made?.verify(holder(other), strict)).rejects.toThrow(OAuthError)
    }
    await fc.assert(fc.asyncProperty(sendable, sendable, sendable, law), RUNS)
  })

  it('throws nothing but OAuthError for any header', () => {
    const law = (value: string) => {
      const error = thrownBy(() => attempt(value))
      expect(error === undefined || error instanceof OAuthError).toBe(true)
    }
    const value = fc.oneof(
      text,
      text.map(header),
      text.map((each) => `Basic ${each}`),
    )
    fc.assert(fc.property(value, law), RUNS)
  })
})

describe('scope', () => {
  it('is a list without doubles, empty or split tokens, which reads back the same', () => {
    const law = (scope: string) => {
      const tokens = parseScope(scope)
      expect(new Set(tokens).size).toBe(tokens.length)
      expect(tokens.some((token) => token === '' || token.includes(' '))).toBe(false)
      expect(parseScope(tokens.join(' '))).toEqual(tokens)
    }
    fc.assert(fc.property(fc.oneof(text, fc.string({ unit: fc.constantFrom('a', 'b', ' ') })), law), RUNS)
  })

  it('keeps the order in which tokens came first', () => {
    const token = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 2 })
    const law = (tokens: string[]) => void expect(parseScope(tokens.join('  '))).toEqual([...new Set(tokens)])
    fc.assert(fc.property(fc.array(token), law), RUNS)
  })

  it('allows the characters of RFC 6749 section 3.3 and no other', () => {
    const isLegal = (char: string) => char >= '!' && char <= '~' && char !== '"' && char !== '\\'
    const law = (token: string) =>
      void expect(isScopeToken(token)).toBe(token !== '' && [...token].every(isLegal))
    fc.assert(fc.property(text, law), RUNS)
  })
})

describe('words', () => {
  it('are printable in the characters of an error_description, unit by unit', () => {
    const law = (words: string) => {
      expect(printable(words)).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)
      expect(printable(words)).toHaveLength(words.length)
      expect(printable(printable(words))).toBe(printable(words))
    }
    fc.assert(fc.property(text, law), RUNS)
  })

  it('show any value at all in 80 characters', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true }),
        (value) => void expect(shown(value).length <= 80).toBe(true),
      ),
      RUNS,
    )
  })

  it('name all of a short list and twelve of a long one', () => {
    const law = (count: number) => {
      const named = oneOf(Array.from({ length: count }, (_, index) => `n${index}`))
      expect(named.match(/n\d+/g) ?? []).toHaveLength(Math.min(count, 12))
      expect(named.endsWith('or others')).toBe(count > 12)
    }
    fc.assert(fc.property(fc.nat(40), law), RUNS)
  })

  it('name a length of time in one way only', () => {
    const unit = fc.constantFrom<(string | number)[]>(
      ['s', 1],
      ['m', 60],
      ['h', 3600],
      ['d', 86_400],
      ['', 1],
    )
    const law = (amount: number, [name, seconds]: (string | number)[]) =>
      void expect(parseDuration(`${amount}${name}`)).toBe(amount * Number(seconds))
    fc.assert(fc.property(fc.integer(), unit, law), RUNS)
    const wrong = (words: string) => {
      fc.pre(!/^-?\d+[smhd]?$/.test(words))
      expect(() => parseDuration(words)).toThrow(TypeError)
    }
    fc.assert(fc.property(text, wrong), RUNS)
  })
})

describe('UUIDs of names', () => {
  const V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  const names = fc.array(text, { minLength: 1, maxLength: 3 })

  it('are version 5 and the same for the same names', () => {
    const law = (each: string[]) => {
      expect(uuidOf(...each)).toMatch(V5)
      expect(uuidOf(...each)).toBe(uuidOf(...each))
    }
    fc.assert(fc.property(names, law), RUNS)
  })

  it('differ for different names, however these are joined', () => {
    const law = (left: string[], right: string[]) =>
      void expect(uuidOf(...left) === uuidOf(...right)).toBe(JSON.stringify(left) === JSON.stringify(right))
    const list = fc.array(fc.string({ unit: fc.constantFrom('a', ':', '%', '3', 'A', '/') }), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(fc.property(list, list, law), RUNS)
  })
})
