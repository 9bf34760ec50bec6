import { describe, expect, it } from 'vitest'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { parseConfig } from '../../src/config/parse.ts'
import { ConfigError, type Problem } from '../../src/config/problem.ts'

async function problemsOf(text: string, file = 'idp-double.yaml'): Promise<ConfigError> {
  const readFile = (path: string): string => {
    if (path.endsWith('empty.pem')) return '\n'
    throw Object.assign(new Error('no'), { code: 'ENOENT' })
  }
  const outcome = await parseConfig(text, { file, names, env: { SET: 'set' }, readFile }).catch(
    (error) => error,
  )
  expect(outcome).toBeInstanceOf(ConfigError)
  return outcome
}

function at({ line, col, path }: Problem): string {
  return `${line}:${col} ${path}`
}

/** A bad configuration, where the one problem is, and what its message says. */
const BAD: readonly [text: string, place: string, ...message: string[]][] = [
  ['sever: {}', '1:1 sever', 'unknown key; did you mean server? (allowed here: server, issuer'],
  [
    'clients:\n  - client_id: a\n    grant_typs: []',
    '3:5 clients[0].grant_typs',
    'did you mean grant_types?',
  ],
  ['clients: [{client_id: a, toString: 1}]', '1:26 clients[0].toString', 'unknown key'],
  ['server:\n  port: "8080"', '2:9 server.port', 'expected a port from 0 to 65535, got string "8080"'],
  ['server: { port: 65536 }', '1:17 server.port', 'got number 65536'],
  ['server: { host: "http://x:1" }', '1:17 server.host', 'expected a host name or an IP address'],
  ['server: { base_path: auth/ }', '1:22 server.base_path', 'starts with / and does not end with /'],
  ['server: { trust_proxy: "yes" }', '1:24 server.trust_proxy', 'expected true or false, got string "yes"'],
  ['server: []', '1:9 server', 'expected a map, got a list of 0'],
  ['issuer: { url: "https://x/?a=b" }', '1:16 issuer.url', 'http or https URL without query and fragment'],
  ['issuer: { url: "ftp://x" }', '1:16 issuer.url', 'http or https URL'],
  ['issuer: { mode: fixd }', '1:17 issuer.mode', 'one of fixed, request', 'did you mean fixed?'],
  ['dialect: entr', '1:10 dialect', 'one of standard, entra, keycloak@26', 'did you mean entra?'],
  ['strictness: stric', '1:13 strictness', 'expected strict, warn, lax or a map of checks'],
  ['strictness: { scop: lax }', '1:15 strictness.scop', 'did you mean scope?'],
  ['strictness: { scope: no }', '1:22 strictness.scope', 'one of strict, warn, lax, got string "no"'],
  ['lifetimes: { access_token: 5x }', '1:28 lifetimes.access_token', 'a duration such as 90s, 5m, 1h, 14d'],
  ['lifetimes: { access_token: 0 }', '1:28 lifetimes.access_token', 'got number 0'],
  ['lifetimes: { access_token: 1.5 }', '1:28 lifetimes.access_token', 'got number 1.5'],
  ['clients:', '1:1 clients', 'expected a list, got nothing (null)'],
  ['clients:\n  - client_name: A', '2:5 clients[0].client_id', 'missing, but required'],
  ['clients: [{ client_id: 123 }]', '1:24 clients[0].client_id', 'put it in quotes'],
  ['clients: [{ client_id: "\u00e9" }]', '1:24 clients[0].client_id', 'printable ASCII'],
  [
    'clients: [{ client_id: a, grant_types: [clientcredentials] }]',
    '1:41 clients[0].grant_types[0]',
    'did you mean client_credentials?',
  ],
  ['clients: [{ client_id: a, scope: "a  b" }]', '1:34 clients[0].scope', 'one space between two'],
  ['clients: [{ client_id: a, audience: [1] }]', '1:38 clients[0].audience[0]', 'expected a string'],
  ['clients: [{ client_id: a, jwks_uri: "file:///x" }]', '1:37 clients[0].jwks_uri', 'http or https URL'],
  [
    'clients: [{ client_id: a, jwks: { keys: [{ kty: EC, d: x }] } }]',
    '1:53 clients[0].jwks.keys[0].d',
    'd is a private member',
  ],
  [
    'clients: [{ client_id: a, claims: { constructor: 1 } }]',
    '1:37 clients[0].claims.constructor',
    'refused',
  ],
  ['clients: [{ client_id: a, claims: { "__proto__": 1 } }]', '1:37 clients[0].claims.__proto__', 'refused'],
  ['clients: [{ client_id: a, claims: { n: .nan } }]', '1:40 clients[0].claims.n', 'not a JSON value'],
  [
    'clients:\n  - client_id: a\n  - client_id: a',
    '3:16 clients[1].client_id',
    'client_id a is already that of clients[0]',
  ],
  [
    'clients: [{ client_id: a, client_secret: x, secrets: [y] }]',
    '1:45 clients[0].secrets',
    'give one of client_secret, client_secret_file, secrets',
  ],
  [
    'clients: [{ client_id: a, token_endpoint_auth_method: client_secret_post }]',
    '1:55 clients[0].token_endpoint_auth_method',
    'needs client_secret',
  ],
  [
    'clients: [{ client_id: a, token_endpoint_auth_method: private_key_jwt }]',
    '1:55 clients[0].token_endpoint_auth_method',
    'needs jwks, jwks_uri, certificate or certificate_file',
  ],
  [
    'clients: [{ client_id: a, client_secret_file: gone }]',
    '1:47 clients[0].client_secret_file',
    'cannot read',
    'there is no such file',
  ],
  ['keys: [{ file: empty.pem }]', '1:16 keys[0].file', 'empty.pem is empty'],
  ['keys: [{ kid: a }]', '1:8 keys[0]', 'a key needs alg'],
  [
    'keys: [{ alg: RS256, kid: a }, { alg: ES256, kid: a }]',
    '1:51 keys[1].kid',
    'kid a is already that of keys[0]',
  ],
  [
    'keys: [{ alg: ES256 }]\nclients: [{ client_id: a, access_token: { signing_alg: RS256 } }]',
    '2:56 clients[0].access_token.signing_alg',
    'no active key signs with RS256',
  ],
  [
    'resources: [{ identifier: a, access_token: { signing_alg: ES256 } }]',
    '1:59 resources[0].access_token.signing_alg',
    'no active key signs with ES256',
  ],
  [
    'resources: [{ identifier: a, access_token: { version: 2 } }]',
    '1:55 resources[0].access_token.version',
    'of dialect standard have no versions',
  ],
  [
    'dialect: entra\nresources: [{ identifier: a, access_token: { version: 3 } }]',
    '2:55 resources[0].access_token.version',
    'has no access token version 3; it has 1, 2',
  ],
  [
    'resources: [{ identifier: a }, { identifier: a }]',
    '1:46 resources[1].identifier',
    'already that of resources[0]',
  ],
  [
    'resources: [{ identifier: orders }]\nclients: [{ client_id: a, audience: order }]',
    '2:37 clients[0].audience',
    'no resource order is declared; did you mean orders? (declared: orders)',
  ],
  [
    'resources: [{ identifier: a, scopes: ["orders:read"] }]\nclients: [{ client_id: a, scope: openid order:read }]',
    '2:34 clients[0].scope',
    'did you mean orders:read?',
  ],
  ['tenants: { a: {} }\nclients: [{ client_id: a }]', '2:1 clients', 'move it into one of them'],
  ['tenants: { "/": {} }', '1:12 tenants["/"]', 'expected a tenant name'],
  ['tenants: { constructor: {} }', '1:12 tenants.constructor', 'refused'],
  [
    'tenants:\n  a: { id: x }\n  b: { aliases: [X] }',
    '3:18 tenants.b.aliases[0]',
    'X already names tenant a',
  ],
  ['hosts: ["https://x"]', '1:9 hosts[0]', 'a host name without scheme'],
  [`server: { host: "\${UNSET}" }`, '1:17 server.host', 'the environment variable UNSET is not set'],
  ['server:\n  port: 1\n  port: 2', '3:3 server.port', 'the key is given twice'],
  ['a: &a {}\nclients: [{ client_id: x, claims: { <<: *a } }]', '1:1 a', 'unknown key'],
  [`server: {host: \${HOST}}`, '1:17 ', 'YAML: ', 'needs quotes'],
  ['server: [', '1:10 ', 'YAML: '],
  ['a: 1\n---\nb: 2', '2:1 ', 'YAML: '],
  ['server: !!binary aGk=', '1:9 ', 'YAML: '],
]

describe('a bad configuration', () => {
  it.each(BAD)('%j has a problem at %s', async (text, place, ...parts) => {
    const { problems, message } = await problemsOf(text)
    expect(problems.map(at)).toContain(place)
    const problem = problems.find((each) => at(each) === place)
    for (const part of parts) expect(problem?.message).toContain(part)
    const [lineAndCol, path] = place.split(' ')
    expect(message).toContain(`idp-double.yaml:${lineAndCol}${path ? ` ${path}` : ''}: ${problem?.message}`)
  })

  it('lists every problem at once, in the order of the file, with the line and a caret', async () => {
    const { message } = await problemsOf(
      'server: { prt: 1, port: x }\nclients:\n  - client_id: a\n    introspection: all\n  - client_id: a\n',
    )
    expect(message.split('\n')).toEqual([
      'idp-double.yaml:1:11 server.prt: unknown key; did you mean port? (allowed here: host, port, base_path, public_url, tls, trust_proxy, state_dir)',
      '  server: { prt: 1, port: x }',
      '            ^^^',
      'idp-double.yaml:1:25 server.port: expected a port from 0 to 65535, got string "x"',
      '  server: { prt: 1, port: x }',
      '                          ^',
      'idp-double.yaml:4:20 clients[0].introspection: expected one of own, any, got string "all"',
      '      introspection: all',
      '                     ^^^',
      'idp-double.yaml:5:16 clients[1].client_id: client_id a is already that of clients[0]',
      '    - client_id: a',
      '                 ^',
    ])
  })

  it('shows the first 50 problems and how many more there are', async () => {
    const { message, problems } = await problemsOf(`clients:\n${'  - {}\n'.repeat(70)}`)
    expect(problems).toHaveLength(70)
    expect(message.match(/missing, but required/g)).toHaveLength(50)
    expect(message.endsWith('… and 20 more')).toBe(true)
  })

  it.each([
    'clients: [{ client_id: a, client_secret: hush-1, secrets: [hush-2], x: 1 }]',
    'clients: [{ client_id: a, client_secret: { is: hush-1 } }]',
    'keys: [{ jwk: { kty: oct, k: hush-1 }, file: hush }]'.replace('file: hush', 'x: 1'),
    'clients:\n  - client_secret: hush-1\n  client_id: x',
    'clients:\n  - client_secret: "hush-1',
    'clients:\n  - secrets:\n    - hush-1\n    - [hush-2, }',
    '{ client_secret: hush-1 ] }',
    'clients: [{ client_id: a, jwks: { keys: [{ kty: EC, d: hush-1 }] } }]',
    'users: [{ username: a, password: hush-1, x: 1 }]',
    'registration: { initial_access_token: [hush-1] }',
  ])('never shows a secret: %j', async (text) => {
    expect((await problemsOf(text)).message).not.toContain('hush')
  })

  it('cannot steer a terminal', async () => {
    const { message } = await problemsOf('"\\e[31m": 1\n"\\u202e": 2')
    expect(message).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
  })
})

describe('a bad JSON configuration', () => {
  it.each([
    ['{"server": {"port": "x"}}', '1:21 server.port'],
    ['{\n\t"clients": [\n\t\t{"client_id": "a", "scop": ""}]}', '3:22 clients[0].scop'],
    [`{"server": {"host": "\${UNSET}"}}`, '1:21 server.host'],
    ['{"clients": [{"client_id": "a", "claims": {"__proto__": 1}}]}', '1:44 clients[0].claims.__proto__'],
    ['{"__proto__": {"server": 1}}', '1:2 __proto__'],
    ['[]', '1:1 '],
  ])('%s has a problem at %s', async (text, place) => {
    const { problems } = await problemsOf(text, 'idp-double.json')
    expect(problems.map(at)).toEqual([place])
  })

  it.each([
    ['{"a": }', '1:7 ', 'expected a value, got "}"'],
    ['{"a": 1,}', '1:9 ', 'expected a key in double quotes, got "}"'],
    ['[1, 2', '1:6 ', 'expected a comma or the end of the list or map, got the end of the file'],
    ["{'a': 1}", '1:2 ', 'expected a key in double quotes or }'],
    ['{"a": 1}\n}', '2:1 ', 'expected the end of the file, got "}"'],
    ['{"a": 01}', '1:7 ', 'expected a value'],
    ['[1 }', '1:4 ', 'expected a comma'],
    ['', '1:1 ', 'expected a value, got the end of the file'],
    ['{"a" 1}', '1:6 ', 'expected a colon'],
    ['{"a": "x\ny"}', '1:7 ', 'expected a value'],
  ])('%j is a syntax error at %s', async (text, place, part) => {
    const { problems } = await problemsOf(text, 'idp-double.json')
    expect(problems.map(at)).toEqual([place])
    expect(problems[0]?.message).toContain(part)
  })

  it('has paths but no positions when it is larger than 1 MiB', async () => {
    const text = JSON.stringify({
      sever: 1,
      clients: [{ client_id: 'a', client_name: 'x'.repeat(1_100_000) }],
    })
    const { problems } = await problemsOf(text, 'idp-double.json')
    expect(problems).toMatchObject([{ file: 'idp-double.json', path: 'sever', nearest: 'server' }])
    expect(problems[0]).not.toHaveProperty('line')
  })
})
