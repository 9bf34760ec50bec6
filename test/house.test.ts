/** Who may import whom: the house rule that neither the compiler nor Biome knows. */
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, sources } from './support/sources.ts'

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
  'record',
  'findings',
  'world',
  'control',
  'inspector',
  'version',
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
  record: ['protocol', 'clock', 'context'],
  findings: ['protocol', 'context', 'client_auth'],
  world: [...CORE, 'record', 'findings', 'tenancy', 'tenant', 'http', 'cloud'],
  control: [
    ...CORE,
    'record',
    'findings',
    'world',
    'mint',
    'tokens',
    'logout',
    'names',
    'tls',
    'environment',
    'http',
    'inspector',
  ],
  inspector: [
    'client_auth',
    'protocol',
    'clock',
    'context',
    'record',
    'findings',
    'world',
    'pages',
    'control',
  ],
  version: [],
  http: ['protocol', 'context', 'endpoints', 'cloud', 'clock', 'control'],
  names: ['config', 'dialects', 'keys', 'protocol', 'client_auth', 'endpoints', 'findings'],
  tls: ['protocol', 'clock', 'random', 'config', 'keys'],
  tenancy: ['protocol', 'config', 'context', 'dialects', 'keys', 'users'],
  tenant: [...CORE, 'context', 'tenancy'],
  site: ['config', 'context', 'http', 'tenancy', 'tenant'],
  mint: ['context', 'protocol', 'tokens', 'users'],
  provider: ALL,
  api: ['protocol', 'config'],
  environment: ['context', 'protocol', 'cloud'],
  library: [
    'api',
    'clock',
    'config',
    'context',
    'control',
    'environment',
    'mint',
    'protocol',
    'provider',
    'tls',
  ],
  idp: ['api', 'config', 'keys', 'library', 'names', 'protocol', 'provider', 'tls'],
  demo: ['config', 'random'],
  index: ['api', 'clock', 'config', 'idp', 'keys', 'library', 'protocol', 'tls'],
  runners: ['index'],
  logging: ['protocol', 'clock', 'context', 'http'],
  commands: [...ALL, 'provider', 'mint', 'demo', 'logging', 'environment'],
  cli: ['commands'],
}

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
})
