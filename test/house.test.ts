/** The house rules that neither the compiler nor Biome knows: who may import whom, and what lives in one place only. */
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.dirname(import.meta.dirname)
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8')

const CORE = [
  'protocol',
  'clock',
  'hooks',
  'config',
  'keys',
  'store',
  'outbound',
  'dialects',
  'random',
  'users',
  'sessions',
  'context',
]
const ALL = [
  ...CORE,
  'context',
  'pages',
  'response_modes',
  'client_keys',
  'authorization',
  'logout',
  'registration',
  'tokens',
  'client_auth',
  'grants',
  'endpoints',
  'cloud',
  'http',
  'tenancy',
  'tenant',
  'site',
  'tls',
  'names',
]

/** Room: what it may import, types alike. A room may always import itself; a file at the top is a room of its own name. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  clock: [],
  random: [],
  hooks: ['protocol'],
  config: ['protocol'],
  keys: ['protocol', 'clock', 'random'],
  store: ['protocol', 'clock'],
  outbound: ['protocol', 'clock'],
  dialects: ['protocol', 'hooks', 'random', 'clock'],
  context: CORE,
  pages: ['protocol'],
  response_modes: ['protocol', 'pages'],
  users: ['protocol', 'context'],
  sessions: ['protocol', 'context', 'users'],
  client_keys: ['protocol', 'context', 'keys', 'outbound'],
  tokens: ['protocol', 'context', 'hooks', 'keys', 'users', 'client_keys'],
  client_auth: ['protocol', 'context', 'tokens', 'users', 'client_keys'],
  grants: ['protocol', 'context', 'tokens', 'users'],
  authorization: [
    'protocol',
    'context',
    'hooks',
    'tokens',
    'users',
    'sessions',
    'response_modes',
    'pages',
    'client_keys',
    'outbound',
    'keys',
  ],
  logout: ['protocol', 'context', 'hooks', 'tokens', 'users', 'sessions', 'outbound', 'keys', 'pages'],
  registration: ['protocol', 'context', 'outbound', 'keys'],
  endpoints: [
    'protocol',
    'context',
    'hooks',
    'tokens',
    'client_auth',
    'grants',
    'keys',
    'users',
    'sessions',
    'pages',
    'authorization',
    'logout',
    'registration',
    'response_modes',
  ],
  cloud: [
    'protocol',
    'clock',
    'context',
    'endpoints',
    'tokens',
    'users',
    'hooks',
    'keys',
    'dialects',
    'pages',
  ],
  http: ['protocol', 'context', 'endpoints', 'cloud', 'clock'],
  names: ['config', 'dialects', 'keys', 'protocol', 'client_auth', 'endpoints'],
  tls: ['protocol', 'clock', 'random', 'config', 'keys'],
  tenancy: ['protocol', 'config', 'context', 'dialects', 'keys', 'users'],
  tenant: [...CORE, 'context', 'tenancy'],
  site: ['config', 'context', 'http', 'tenancy', 'tenant'],
  mint: ['context', 'protocol', 'tokens', 'users'],
  provider: ALL,
  api: ['protocol'],
  environment: ['context', 'protocol', 'provider', 'cloud', 'site'],
  idp: ['api', 'config', 'context', 'environment', 'keys', 'mint', 'names', 'protocol', 'provider', 'tls'],
  demo: ['config', 'random'],
  index: ['api', 'config', 'idp', 'keys', 'protocol', 'tls'],
  logging: ['protocol', 'clock', 'context', 'http'],
  commands: [...ALL, 'provider', 'mint', 'demo', 'logging'],
  cli: ['commands'],
}

/**
 * One file per wire value, one line in the folder's index.ts; these files are what the values share. What only one of
 * them has bears its name: `entra_claims` belongs to `entra`.
 */
const REGISTRIES: Record<string, readonly string[]> = {
  client_auth: ['method', 'authenticate', 'assertion', 'certificate', 'federated', 'secret', 'signed_grant'],
  grants: ['grant', 'code_verifier', 'direct_grant', 'on_behalf_of', 'origin', 'required', 'user_tokens'],
  response_modes: ['response_mode'],
  endpoints: ['endpoint', 'answer', 'live_token', 'parameters', 'refusal_page', 'sign_in_metadata'],
  dialects: [
    'dialect',
    'description',
    'describe',
    'members_hook',
    'answer_hooks',
    'token_hooks',
    'template',
    'aadsts',
  ],
  commands: ['command'],
  cloud: [
    'cloud_service',
    'azure_places',
    'graph_error',
    'graph_groups',
    'graph_token',
    'graph_user',
    'identity',
    'identity_request',
    'identity_source',
    'identity_token',
    'recipes',
  ],
}

const MOST_BUNDLED = 42

/** Module state, and why it may be. */
const MODULE_STATE: Record<string, string> = {
  'src/protocol/params.ts': 'an empty constant',
  'src/index.ts': 'the key that all providers of a process share',
}

/** What may be named in one place only: a pattern, and where it is at home. */
const AT_HOME: readonly (readonly [what: string, pattern: RegExp, home: RegExp])[] = [
  ['Koa', /from '(koa|@koa\/router)'/, /^src\/http\//],
  ['time', /\bnew Date\b|\bDate[.(]|\bperformance\./, /^src\/clock\.ts$/],
  [
    'randomness',
    /\bMath\.random\b|\brandom(Bytes|UUID|Int)\b|\bgetRandomValues\b|'nanoid/,
    /^src\/(random\.ts|keys\/)/,
  ],
  ['process', /\bprocess\.|'(node:)?process'/, /^src\/(cli|index)\.ts$/],
  ['URL.canParse', /\bURL\.canParse\b/, /^$/],
  ['export default', /\bexport default\b|\bas default\b/, /^$/],
]

/** Source without comments, so that prose may say `Date.now`. */
function code(file: string): string {
  return read(file).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
}

const files = fs
  .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
const sources = new Map(files.map((file) => [file, code(file)]))

const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g
const imports = new Map(
  [...sources].map(([file, text]) => {
    const targets = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '')
    return [file, targets.map((to) => path.posix.join(path.posix.dirname(file), to))]
  }),
)
const room = (file: string) => file.split('/')[1]?.replace(/\.ts$/, '') ?? ''

function cycleFrom(file: string, trail: readonly string[], done: Set<string>): string | undefined {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file].join(' -> ')
  if (done.has(file)) return undefined
  for (const to of imports.get(file) ?? []) {
    const cycle = cycleFrom(to, [...trail, file], done)
    if (cycle !== undefined) return cycle
  }
  done.add(file)
  return undefined
}

describe('house rules', () => {
  it('lets a room import only what the table allows', () => {
    const edges = [...imports].flatMap(([file, targets]) => targets.map((to) => [file, to] as const))
    const refused = edges.filter(([file, to]) => {
      return room(file) !== room(to) && !MAY_IMPORT[room(file)]?.includes(room(to))
    })
    expect(refused.map((edge) => edge.join(' -> '))).toEqual([])
    expect(files.filter((file) => !(room(file) in MAY_IMPORT))).toEqual([])
  })

  it('has no import cycle', () => {
    const done = new Set<string>()
    expect(files.map((file) => cycleFrom(file, [], done)).filter((cycle) => cycle !== undefined)).toEqual([])
  })

  it.each(AT_HOME)('keeps %s in its place', (_what, pattern, home) => {
    const strays = files.filter((file) => !home.test(file) && pattern.test(sources.get(file) ?? ''))
    expect(strays).toEqual([])
  })

  it.each(Object.entries(REGISTRIES))('names every file of %s in its registry', (folder, shared) => {
    const index = sources.get(`src/${folder}/index.ts`) ?? ''
    const own = files.filter((file) => path.posix.dirname(file) === `src/${folder}`)
    const names = own.map((file) => path.posix.basename(file, '.ts')).filter((name) => name !== 'index')
    const named = (name: string) => index.includes(`'./${name}.ts'`)
    const owned = (name: string) => names.some((owner) => named(owner) && name.startsWith(`${owner}_`))
    expect(names.filter((name) => !shared.includes(name) && !named(name) && !owned(name))).toEqual([])
  })

  it('keeps no state in modules', () => {
    const state = /^(?:export )?(?:(?:let|var)\b|const .*= new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\))/m
    const stateful = files.filter((file) => state.test(sources.get(file) ?? ''))
    expect(stateful.filter((file) => !(file in MODULE_STATE))).toEqual([])
  })

  it('has no drawer for odds and ends', () => {
    expect(files.filter((file) => /\/(utils?|helpers?|common|services?|types)(\/|\.ts)/.test(file))).toEqual(
      [],
    )
  })

  it('locks dependencies without naming a registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/)
    expect(JSON.parse(read('package.json'))).not.toHaveProperty('dependencies')
  })

  it('installs nothing beside itself: what runs is bundled, so users fetch one package', () => {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(read('package.json'))
    expect({ ...dependencies, ...optionalDependencies }).toEqual({})
  })

  it('bundles no more packages than were decided on: Koa and its own, and those of X.509, which load when asked for', () => {
    const bundled = read('dist/THIRD_PARTY_NOTICES.txt').match(/(?<=^-{80}\n)\S+@\d\S* \(.+\)$/gm) ?? []
    expect(bundled).not.toEqual([])
    expect(bundled.length, bundled.join('\n')).toBeLessThanOrEqual(MOST_BUNDLED)
  })
})
