/** What lives in one place only, and what each registry names. */
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, read, sources } from './support/sources.ts'

/**
 * One file per wire value, one line in the folder's index.ts; these files are what the values share. What only one of
 * them has bears its name: `entra_claims` belongs to `entra`.
 */
const REGISTRIES: Record<string, readonly string[]> = {
  client_auth: ['method', 'authenticate', 'assertion', 'certificate', 'federated', 'secret', 'signed_grant'],
  grants: ['grant', 'code_verifier', 'direct_grant', 'on_behalf_of', 'origin', 'required', 'user_tokens'],
  response_modes: ['response_mode'],
  endpoints: ['endpoint', 'ahead', 'answer', 'live_token', 'parameters', 'refusal_page', 'sign_in_metadata'],
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
  // What the inspector's page runs, runs in a browser.
  ['time', /\bnew Date\b|\bDate[.(]|\bperformance\./, /^src\/(clock|inspector\/script)\.ts$/],
  [
    'randomness',
    /\bMath\.random\b|\brandom(Bytes|UUID|Int)\b|\bgetRandomValues\b|'nanoid/,
    /^src\/(random\.ts|keys\/)/,
  ],
  ['process', /\bprocess\.|'(node:)?process'/, /^src\/(cli|index)\.ts$/],
  ['URL.canParse', /\bURL\.canParse\b/, /^$/],
  ['export default', /\bexport default\b|\bas default\b/, /^$/],
]

describe('house rules', () => {
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
