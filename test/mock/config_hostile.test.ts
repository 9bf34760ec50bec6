import { describe, expect, it } from 'vitest'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { parseConfig } from '../../src/config/parse.ts'
import { ConfigError } from '../../src/config/problem.ts'

async function outcomeOf(text: string, file = 'idp-double.yaml'): Promise<unknown> {
  return await parseConfig(text, { file, names, env: {}, readFile: () => '' }).catch((error) => error)
}

const client = (claims: string): string => `clients:\n  - client_id: a\n    claims: ${claims}\n`
const bomb = [...Array(12).keys()].map(
  (n) =>
    `b${n}: &b${n} [${Array(9)
      .fill(n ? `*b${n - 1}` : 'x')
      .join(', ')}]`,
)

const HOSTILE: Readonly<Record<string, string>> = {
  'alias bomb': client(`{ ${bomb.join(', ')} }`),
  'alias to itself': client('&a { self: *a }'),
  'alias to nothing': client('*nowhere'),
  'an anchor used 51 times': client(`{ a: &a 1, l: [${Array(51).fill('*a').join(', ')}] }`),
  'merge chain': client(`{ a: &a { x: 1 }, b: &b { <<: *a }, c: { <<: [*a, *b] } }`),
  'YAML 1.1 with a merge': `%YAML 1.1\n---\na: &a {}\n<<: *a\n`,
  'duplicate keys': 'server: {}\nserver: {}\n',
  'ninety thousand unknown keys': Array.from({ length: 90_000 }, (_, n) => `k${n}: 1`).join('\n'),
  NUL: 'server: \0',
  'other controls': 'server: "\u0007"',
  'UTF-16 read as UTF-8': Buffer.from('server: {}', 'utf16le').toString('utf8'),
  'UTF-16 with its mark': Buffer.from('\ufeffserver: {}', 'utf16le').toString('utf8'),
  'binary tag': client('!!binary aGVsbG8='),
  'own tag': client('!js/function "x"'),
  'a list for a key': '? [a, b]\n: 1\n',
  'too large': `# ${'x'.repeat(1024 * 1024)}`,
  'prototype keys': '__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n',
  'prototype keys in claims': client(
    '{ __proto__: { polluted: 1 }, a: { constructor: { prototype: { polluted: 1 } } } }',
  ),
  'prototype key as tenant': 'tenants: { __proto__: { dialect: entra } }',
  'a scalar': 'hello',
  'unclosed quotes': `a: "${'\\"'.repeat(50_000)}`,
}

const NESTED: Readonly<Record<string, (depth: number) => string>> = {
  'flow lists': (depth) => '['.repeat(depth),
  'closed flow lists': (depth) => client('['.repeat(depth) + ']'.repeat(depth)),
  'flow maps': (depth) => client('{a: '.repeat(depth)),
  'lists on one line': (depth) => '- '.repeat(depth),
  'explicit keys': (depth) => '? '.repeat(depth),
  'indented maps': (depth) =>
    Array.from({ length: Math.min(depth, 1000) }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
}

describe('hostile YAML', () => {
  it.each(Object.keys(HOSTILE))('%s is a problem, not a crash', async (name) => {
    const outcome = await outcomeOf(HOSTILE[name] ?? '')
    expect(outcome).toBeInstanceOf(ConfigError)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each(Object.keys(NESTED))('%s nested up to 100,000 deep are refused by depth', async (name) => {
    for (const depth of [100, 1000, 10_000, 100_000]) {
      const outcome = await outcomeOf(NESTED[name]?.(depth) ?? '')
      expect(outcome).toMatchObject({
        name: 'ConfigError',
        problems: [{ message: 'nested deeper than 64 levels' }],
      })
    }
  })

  it('may look nested in strings, comments and block scalars', async () => {
    const text = `# ${'['.repeat(100)}\nclients:\n  - client_id: a\n    client_name: |\n      ${'[{ - '.repeat(100)}\n    sub: "${'['.repeat(100)}"\n`
    expect(await outcomeOf(text)).not.toBeInstanceOf(Error)
  })

  it('of 100,000 characters without sense is answered soon', async () => {
    for (const part of [
      '[',
      '- ',
      '&a ',
      '*a ',
      '!a ',
      '"',
      "'",
      '\\',
      ': ',
      '? ',
      '#',
      'a: b\n',
      '- a\n',
      '%',
      '| ',
      '\n',
      '\t',
      '{}',
      'a,',
    ]) {
      const text = part.repeat(Math.floor(100_000 / part.length))
      // What grows faster than the text takes minutes; half a minute is a slow machine.
      const start = performance.now()
      await outcomeOf(text)
      expect(performance.now() - start, JSON.stringify(part)).toBeLessThan(30_000)
    }
  }, 120_000)

  it('leaves Object.prototype and its fellows as they were', async () => {
    const before = builtIns()
    for (const text of Object.values(HOSTILE)) await outcomeOf(text)
    expect(builtIns()).toEqual(before)
  })
})

describe('hostile JSON', () => {
  it.each(['[', '{"a":', '{"clients":[', '[[', '{"server":'])(
    '%s repeated 100,000 times does not crash',
    async (part) => {
      expect(await outcomeOf(part.repeat(100_000), 'x.json')).toBeInstanceOf(ConfigError)
    },
  )

  it('may not nest claims deeper than 64 levels', async () => {
    for (const depth of [100, 100_000]) {
      const claims = `${'{"a":'.repeat(depth)}"\${X:-1}"${'}'.repeat(depth)}`
      const text = `{"clients": [{"client_id": "a", "claims": ${claims}}], "server": ${'['.repeat(depth)}${']'.repeat(depth)}}`
      expect(await outcomeOf(text, 'x.json')).toBeInstanceOf(ConfigError)
    }
  })
})

describe('text', () => {
  it.each(['idp-double.yaml', 'idp-double.json'])('may begin with a byte order mark: %s', async (file) => {
    expect(await outcomeOf('\ufeff{"server": {"port": 1}}', file)).toMatchObject({ server: { port: 1 } })
  })

  it('may be empty, and then has every default', async () => {
    expect(await outcomeOf('# nothing yet\n')).toMatchObject({ tenants: [{ name: 'default' }] })
  })

  it('may share values by anchors', async () => {
    const text = 'clients:\n  - { client_id: a, claims: &c { x: 1 } }\n  - { client_id: b, claims: *c }\n'
    expect(await outcomeOf(text)).toMatchObject({ tenants: [{ clients: [{}, { claims: { x: 1 } }] }] })
  })

  it('may have Windows line ends', async () => {
    const outcome = await outcomeOf('server:\r\n  prt: 1\r\n')
    expect(outcome).toMatchObject({ problems: [{ line: 2, col: 3 }] })
  })
})

function builtIns(): readonly unknown[] {
  const all = [
    Object,
    Array,
    String,
    Number,
    Boolean,
    Function,
    Map,
    Set,
    Promise,
    RegExp,
    Date,
    Error,
    Symbol,
  ]
  return [...all.map(({ prototype }) => Reflect.ownKeys(prototype)), Reflect.ownKeys(globalThis).length]
}
