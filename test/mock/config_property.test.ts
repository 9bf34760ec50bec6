// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like this
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { parseConfig } from '../../src/config/parse.ts'
import { ConfigError, type Problem } from '../../src/config/problem.ts'

const VALID = {
  server: { host: '127.0.0.1', port: 0, base_path: '/auth', public_url: null, trust_proxy: false },
  issuer: { url: 'http://idp.test/', mode: 'fixed' },
  dialect: 'entra',
  strictness: { default: 'strict', scope: 'warn' },
  lifetimes: { access_token: '5m', code: 60 },
  keys: [
    { alg: 'RS256', kid: 'a' },
    { alg: 'ES256', status: 'published' },
  ],
  resources: [
    {
      identifier: 'api',
      id: 'guid',
      scopes: ['read', 'write'],
      roles: ['r'],
      access_token: { version: 2, format: 'jwt' },
      entra: { optional_claims: ['email'] },
    },
  ],
  clients: [
    {
      client_id: 'a',
      client_secret: 's',
      audience: 'api',
      scope: 'read write',
      claims: { list: [1, { x: true }] },
    },
    {
      client_id: 'b',
      secrets: ['s', 't'],
      grant_types: ['client_credentials'],
      access_token: { lifetime: 60 },
    },
    {
      client_id: 'c',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC', x: 'x' }] },
    },
    {
      client_id: 'd',
      client_secret: 's',
      redirect_uris: ['http://localhost:3000/cb', 'http://localhost:3000/'],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code', 'id_token token'],
      subject_type: 'pairwise',
      id_token: { lifetime: '5m', scope_claims: true },
      id_token_signed_response_alg: 'HS256',
      userinfo_signed_response_alg: 'RS256',
      userinfo_encrypted_response_alg: 'dir',
      userinfo_encrypted_response_enc: 'A256GCM',
      frontchannel_logout_uri: 'http://localhost:3000/out',
      refresh_token: { rotate: false },
      entra: { spa_redirect_uris: ['http://localhost:4000/'], sign_in_audience: 'AzureADMyOrg' },
    },
  ],
  users: [
    {
      username: 'a',
      sub: '1',
      email: 'a@b.c',
      address: { locality: 'x' },
      claims: { tier: 1 },
      claims_in: { id_token: ['tier', 'email'] },
    },
    { username: 'b', sub: null, password: 's', roles: ['r'], updated_at: 0, groups: { generate: 5 } },
    {
      username: 'c',
      status: 'locked',
      entra: { user_type: 'Guest', home_tenant_id: '5b0d9b1e-0d0c-4b3e-9d39-0f3bd3c1a3d5' },
    },
  ],
  scopes: { loyalty: ['tier'] },
  login: { mode: 'form', acr_values: ['1'] },
  entra: { issuer: 'own', policies: ['B2C_1_x'], group_limit: 5 },
  managed_identity: { header: 's', identities: [{ name: 'vm', type: 'SystemAssigned' }] },
  registration: { enabled: false, initial_access_token: 's', allowed_origins: ['http://localhost'] },
}

const REFERENCE =
  /declare|active key|already that of|has no claim|not the origin| needs |of dialect entra|at home here|one of redirect_uris/

type Path = readonly (string | number)[]
type Tree = Record<string | number, unknown>

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...keys.flatMap((key) => pathsOf((value as Tree)[key], [...path, key]))]
}

/** A copy in which one node is another value. */
function mutated(path: Path, value: unknown): unknown {
  if (path.length === 0) return value
  const root = structuredClone(VALID) as unknown as Tree
  let node = root
  for (const key of path.slice(0, -1)) node = node[key] as Tree
  node[path.at(-1) ?? ''] = value
  return root
}

/** The lines a node takes in a text. */
function linesOf(text: string, path: Path): readonly [first: number, last: number] {
  const document = parseDocument(text)
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  const key = isMap(parent)
    ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === path.at(-1))?.key
    : undefined
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  const range = (node as { range?: readonly number[] } | undefined)?.range
  const start = (key as { range?: readonly number[] } | undefined)?.range?.[0] ?? range?.[0] ?? 0
  const line = (offset: number): number => text.slice(0, offset).split('\n').length
  return [line(start), isSeq(node) || isMap(node) ? line(range?.[1] ?? 0) : line(range?.[1] ?? start)]
}

function pathText(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
}

/** The node itself, something in it, what contains it, or another line that the change made wrong. */
function concerns({ path }: Problem, changed: string): boolean {
  return path.startsWith(changed) || changed.startsWith(path)
}

const anyValue = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1.5,
    99_999,
    '',
    'x',
    'a b',
    'api',
    'RS256',
    'strict',
    '5m',
    [],
    {},
    [null],
    { x: 1 },
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }),
)

async function problemsOf(text: string, file: string): Promise<readonly Problem[]> {
  const outcome = await parseConfig(text, { file, names, env: {}, readFile: () => '' }).catch(
    (error: unknown) => error,
  )
  if (outcome instanceof ConfigError) return outcome.problems
  expect(outcome).not.toBeInstanceOf(Error)
  return []
}

describe('a valid configuration with one node changed', () => {
  it('is accepted, or has a problem at that node', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pathsOf(VALID)), anyValue, async (path, value) => {
        const text = stringify(mutated(path, value))
        const problems = await problemsOf(text, 'x.yaml')
        if (problems.length === 0) return
        // A reference that is no longer declared is a problem where it is made, and a need where it is felt.
        const references = problems.filter(({ message }) => REFERENCE.test(message))
        if (references.length === problems.length) return
        const changed = pathText(path)
        const found = problems.find((problem) => concerns(problem, changed))
        expect(found, `${changed}: ${JSON.stringify(problems)}`).toBeDefined()
        const [first, last] = linesOf(text, path)
        for (const { line } of problems.filter((problem) => problem.path === changed)) {
          expect(line, changed).toBeGreaterThanOrEqual(first)
          expect(line, changed).toBeLessThanOrEqual(last)
        }
      }),
      { numRuns: 600 },
    )
  })

  it('has the same problems as JSON and as YAML', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pathsOf(VALID)), anyValue, async (path, value) => {
        const json = JSON.stringify(mutated(path, value))
        // An empty YAML document, and so `null`, is an empty configuration.
        fc.pre(json !== 'null')
        fc.pre(!json.includes('${') && !/\p{Cc}|[\ufffe\uffff]|\\u00|<</u.test(json))
        const asJson = await problemsOf(json, 'x.json')
        const asYaml = await problemsOf(json, 'x.yaml')
        expect(asYaml.map(({ path: at, message }) => [at, message])).toEqual(
          asJson.map(({ path: at, message }) => [at, message]),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('any text', () => {
  it('is read or refused, never a crash', async () => {
    const pieces = fc.constantFrom(
      'clients',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '"',
      "'",
      '${X}',
      '${',
      '|',
      '>',
      '#',
      '!t ',
      '? ',
      '%',
      ',',
      '\t',
      '<<',
      '---\n',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    )
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('x.yaml', 'x.json'), async (given, file) => {
        await problemsOf(given, file)
      }),
      { numRuns: 1000 },
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
