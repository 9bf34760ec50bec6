import { describe, expect, it } from 'vitest'
import { compile, compileObject, type Template } from '../../src/dialects/template.ts'

const FACTS = {
  text: 'a',
  blank: '',
  number: 7,
  yes: true,
  nothing: null,
  none: [],
  single: ['x'],
  many: ['x', 'y'],
  object: { a: 1, b: '', c: 2 },
  empty: {},
  deep: { path: { to: 'here' } },
  origins: { text: 'somewhere' },
}
const rendered = (template: Template) => compile(template)(FACTS)

describe('the language of the dialects', () => {
  it.each([
    ['{text}', 'a'],
    ['{number}', 7],
    ['{yes}', true],
    ['{nothing}', null],
    ['{many}', ['x', 'y']],
    ['{deep.path.to}', 'here'],
    ['{deep.path}', { to: 'here' }],
    ['{absent}', undefined],
    ['{text.length}', undefined],
    ['{deep.constructor}', undefined],
    ['{__proto__}', undefined],
  ])('gives the typed value of the only expression of %s', (template, value) => {
    expect(rendered(template)).toEqual(value)
  })

  it.each([
    ['no expression', 'no expression'],
    ['{text}-{number}', 'a-7'],
    ['before {text}', 'before a'],
    ['{text} {absent}', undefined],
    ['{}', '{}'],
  ])('joins the texts of %s', (template, value) => {
    expect(rendered(template)).toBe(value)
  })

  it.each([
    ['{single|one}', 'x'],
    ['{many|one}', ['x', 'y']],
    ['{none|nonempty}', undefined],
    ['{empty|nonempty}', undefined],
    ['{blank|nonempty}', undefined],
    ['{many|nonempty}', ['x', 'y']],
    ['{number|nonempty}', 7],
    ['{yes|nonempty}', true],
    ['{absent|nonempty}', undefined],
    ['{object|filled}', { a: 1, c: 2 }],
    ['{object|without:a,c}', { b: '' }],
    ['{many|without:x}', ['y']],
    ['{number|without:x}', 7],
    ['{absent|without:x}', undefined],
    ['{number|str}', '7'],
    ['{absent|str}', undefined],
    ['{number|plus:-1}', 6],
    ['{number|plus:-1|str}', '6'],
    ['{text|plus:1}', 'a'],
    ['{many|join:, }', 'x, y'],
    ['{absent|default:}', ''],
    ['{absent|default:a:b}', 'a:b'],
    ['{text|default:z}', 'a'],
    ['{absent|or:deep.path.to}', 'here'],
    ['{absent|or:absent|or:text}', 'a'],
    ['{text|map:a=1,b=2}', '1'],
    ['{yes|map:true=Bearer}', 'Bearer'],
    ['{number|map:a=1}', undefined],
    ['{absent|map:constructor=1}', undefined],
    ['{number|utc}', '1970-01-01 00:00:07Z'],
  ])('filters %s', (template, value) => {
    expect(rendered(template)).toEqual(value)
  })

  it('makes new random values each time, of the length asked for', () => {
    const render = compile(['{uuid}', '{rand:22}', '{absent|or:uuid}'])
    const [first, second] = [render(FACTS), render(FACTS)] as string[][]
    expect(first?.[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(first?.[1]).toMatch(/^[\w-]{22}$/)
    expect(first?.filter((value) => second?.includes(value))).toEqual([])
  })

  it('drops members and items that resolve to nothing, and keeps the order of the rest', () => {
    const template = {
      b: '{text}',
      gone: '{absent}',
      a: ['{absent}', '{number}', { x: '{absent}' }],
      nil: null,
    }
    expect(JSON.stringify(rendered(template))).toBe('{"b":"a","a":[7,{}],"nil":null}')
  })

  it('spreads an object where * stands, and lets later members replace its own', () => {
    const members = compileObject({ first: 0, '*': '{object}', b: 'mine', last: 9 })(FACTS)
    expect(members.map(({ name, value }) => [name, value])).toEqual([
      ['first', 0],
      ['a', 1],
      ['b', 'mine'],
      ['c', 2],
      ['last', 9],
    ])
    expect(compileObject({ '*': '{absent}' })(FACTS)).toEqual([])
  })

  it('says where a member came from', () => {
    expect(compileObject({ a: '{text}', b: 'constant' }, 'dialect x')(FACTS)).toEqual([
      { name: 'a', value: 'a', from: 'somewhere' },
      { name: 'b', value: 'constant', from: 'dialect x' },
    ])
  })

  it.each(['{text|lower}', 'x {text|one|nosuch:1} y', '{text|constructor}', '{text|}'])(
    'refuses the unknown filter of %s when it is compiled',
    (template) => {
      expect(() => compile({ deep: [template] })).toThrow(new TypeError(unknown(template)))
    },
  )
})

function unknown(template: string): string {
  const text = /\{(.*)\}/.exec(template)?.[1] ?? ''
  const name = text.split('|').at(-1)?.split(':')[0]
  return `unknown filter ${name} in template {${text}}`
}
