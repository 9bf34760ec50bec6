/** Laws of the values that answers are made of: ordered members, templates, hooks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, compileObject } from '../../src/dialects/template.ts'
import { bend, type Hooks, type Situation } from '../../src/hooks.ts'
import {
  type Json,
  Literal,
  type Member,
  membersOf,
  objectOf,
  overlay,
  stringify,
  without,
} from '../../src/protocol/json.ts'

const RUNS = { numRuns: 1000 }

const name = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString', ''), fc.string())
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
const member: fc.Arbitrary<Member> = fc.record({ name, value: json })
const members = fc.array(member, { maxLength: 12 })
const uniqueMembers = fc.uniqueArray(member, { selector: (each) => each.name, maxLength: 12 })

/** Equality as it is seen on the wire: -0 is 0 there. */
function sameJson(left: unknown, right: unknown): void {
  expect(JSON.stringify(left)).toBe(JSON.stringify(right))
}

describe('members of an object', () => {
  it('read back as the object they were made of', () => {
    const object = fc.dictionary(name, json)
    fc.assert(
      fc.property(object, (each) => void sameJson(JSON.parse(stringify(membersOf(each))), each)),
      RUNS,
    )
  })

  it('are written in their order, each as often as it comes', () => {
    const law = (list: Member[]) => {
      const written = list.map((each) => `${JSON.stringify(each.name)}:${JSON.stringify(each.value)}`)
      expect(stringify(list)).toBe(`{${written.join(',')}}`)
    }
    fc.assert(fc.property(members, law), RUNS)
  })

  it('are an object in which the last of a repeated name wins, as for JSON.parse', () => {
    const law = (list: Member[]) => {
      const object = objectOf(list)
      expect(Object.getPrototypeOf(object)).toBeNull()
      const parsed = JSON.parse(stringify(list)) as Record<string, unknown>
      expect(Object.keys(object)).toEqual(Object.keys(parsed))
      for (const key of Object.keys(object))
        sameJson(object[key], Object.getOwnPropertyDescriptor(parsed, key)?.value)
    }
    fc.assert(fc.property(members, law), RUNS)
  })

  it('write a literal as it is', () => {
    const law = (list: Member[], number: number) => {
      const literal = { name: 'n', value: new Literal(`${number}e400`) }
      expect(stringify([...list, literal]).endsWith(`"n":${number}e400}`)).toBe(true)
    }
    fc.assert(fc.property(members, fc.integer(), law), RUNS)
  })
})

describe('overlay', () => {
  it('changes nothing where there is nothing to lay over', () => {
    const law = (base: Member[]) => {
      expect(overlay(base)).toEqual(base)
      expect(overlay(base, [])).toEqual(base)
    }
    fc.assert(fc.property(members, law), RUNS)
  })

  it('is the same one layer at a time or all at once', () => {
    const law = (base: Member[], first: Member[], second: Member[]) =>
      void expect(overlay(overlay(base, first), second)).toEqual(overlay(base, first, second))
    fc.assert(fc.property(members, members, members, law), RUNS)
  })

  it('is the same twice as once', () => {
    const law = (base: Member[], layer: Member[]) =>
      void expect(overlay(overlay(base, layer), layer)).toEqual(overlay(base, layer))
    fc.assert(fc.property(uniqueMembers, uniqueMembers, law), RUNS)
  })

  it('keeps the places of what was there and puts the new behind', () => {
    const law = (base: Member[], layer: Member[]) => {
      const names = overlay(base, layer).map((each) => each.name)
      const there = base.map((each) => each.name)
      const added = layer.map((each) => each.name).filter((each) => !there.includes(each))
      expect(names).toEqual([...there, ...added])
    }
    fc.assert(fc.property(uniqueMembers, uniqueMembers, law), RUNS)
  })

  it('lets the upper layer win, and leaves its arguments alone', () => {
    const law = (base: Member[], layer: Member[]) => {
      const before = JSON.stringify([base, layer])
      const laid = objectOf(overlay(base, layer))
      for (const each of layer) sameJson(laid[each.name], each.value)
      for (const each of without(base, ...layer.map((upper) => upper.name)))
        sameJson(laid[each.name], each.value)
      expect(JSON.stringify([base, layer])).toBe(before)
    }
    fc.assert(fc.property(uniqueMembers, uniqueMembers, law), RUNS)
  })

  it('is undone, but for what was replaced, by taking the names away', () => {
    const law = (base: Member[], layer: Member[]) => {
      const names = layer.map((each) => each.name)
      expect(without(overlay(base, layer), ...names)).toEqual(without(base, ...names))
    }
    fc.assert(fc.property(members, members, law), RUNS)
  })
})

/** Every text in a value, names of members too. */
function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
}

describe('templates', () => {
  const word = fc.stringMatching(/^[a-z]{1,6}$/)
  const plain = fc.string().filter((each) => !/[{}]/.test(each))

  it('without an expression are what they are', () => {
    const law = (value: Json) => {
      fc.pre(textsOf(value).every((text) => !/[{}]/.test(text) && text !== '__proto__' && text !== '*'))
      sameJson(compile(value)({}), value)
    }
    fc.assert(fc.property(json, law), RUNS)
  })

  it('of one expression give the value with its type', () => {
    const law = (outer: string, inner: string, value: Json) =>
      void expect(compile(`{${outer}.${inner}}`)({ [outer]: { [inner]: value } })).toEqual(value)
    fc.assert(
      fc.property(
        word.map((each) => `x${each}`),
        word,
        json,
        law,
      ),
      RUNS,
    )
  })

  it('never see what a prototype brings', () => {
    const inherited = fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'length.x',
    )
    const law = (path: string, facts: Record<string, unknown>) => {
      fc.pre(!Object.hasOwn(facts, path))
      expect(compile(`{${path}}`)(facts)).toBeUndefined()
      expect(compile(`{known.${path}}`)({ known: {} })).toBeUndefined()
    }
    fc.assert(fc.property(inherited, fc.dictionary(word, json), law), RUNS)
  })

  it('with text around are text, or nothing where a part is nothing', () => {
    const law = (before: string, value: string | number, after: string) => {
      const template = compile(`${before}{it}${after}-`)
      expect(template({ it: value })).toBe(`${before}${value}${after}-`)
      expect(template({})).toBeUndefined()
    }
    fc.assert(fc.property(plain, fc.oneof(fc.string(), fc.integer()), plain, law), RUNS)
  })

  it('never read what they were filled with as a template again', () => {
    const hostile = fc.string({ unit: fc.constantFrom('{', '}', 'it', '|', ':', 'uuid', '$&', '$1', '*') })
    const law = (value: string) => {
      expect(compile('{it}')({ it: value })).toBe(value)
      expect(compile('a {it} b')({ it: value })).toBe(`a ${value} b`)
    }
    fc.assert(fc.property(hostile, law), RUNS)
  })

  it('of objects keep the order of their members and drop what is nothing', () => {
    const law = (names: string[], present: boolean[]) => {
      const template = compileObject(Object.fromEntries(names.map((each) => [each, `{at.${each}}`])))
      const facts = {
        at: Object.fromEntries(names.filter((_, index) => present[index]).map((each) => [each, 1])),
      }
      const rendered = template(facts).map((each) => each.name)
      expect(rendered).toEqual(names.filter((_, index) => present[index]))
    }
    fc.assert(fc.property(fc.uniqueArray(word), fc.array(fc.boolean(), { minLength: 10 }), law), RUNS)
  })

  it('pass a value through their filters from left to right', () => {
    const law = (value: number, added: number[]) => {
      const filters = added.map((each) => `|plus:${each}`).join('')
      expect(compile(`{n${filters}|str}`)({ n: value })).toBe(
        String(added.reduce((sum, each) => sum + each, value)),
      )
    }
    fc.assert(
      fc.property(fc.nat(1e6), fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 5 }), law),
      RUNS,
    )
  })
})

describe('hooks', () => {
  const at: Situation = { endpoint: 'token', face: '', facts: {} }

  it('bend in their order, those without the stage not at all', () => {
    const law = (steps: (string | undefined)[]) => {
      const hooks = steps.map((step): Hooks => (step === undefined ? {} : { text: (draft) => draft + step }))
      expect(bend('text', hooks, '>', at)).toBe(`>${steps.filter((step) => step !== undefined).join('')}`)
    }
    fc.assert(fc.property(fc.array(fc.option(fc.string(), { nil: undefined })), law), RUNS)
  })

  it('bend one after the other as one chain', () => {
    const law = (left: string[], right: string[]) => {
      const hooksOf = (steps: string[]) =>
        steps.map((step): Hooks => ({ text: (draft) => `${step}(${draft})` }))
      const inTwo = bend('text', hooksOf(right), bend('text', hooksOf(left), '', at), at)
      expect(inTwo).toBe(bend('text', hooksOf([...left, ...right]), '', at))
    }
    fc.assert(fc.property(fc.array(fc.string()), fc.array(fc.string()), law), RUNS)
  })
})
