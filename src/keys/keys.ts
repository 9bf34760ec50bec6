/** The provider's own keys: what signs, what is published, and what verifies a token that comes back. */
import { algorithmFor, algorithmNamed } from './algorithms.ts'
import { KeyError } from './key_error.ts'
import { once } from './once.ts'
import { readJwk, readPem } from './read_key.ts'
import { type SigningKey, signingKey } from './signing_key.ts'
import type { KeyFile } from './state.ts'

/** `active` signs and is published, `published` is only in the JWKS, `hidden` neither; all verify what is shown to us. */
type KeyStatus = 'active' | 'published' | 'hidden'

/** A key as the configuration asks for it; without `pem` and `jwk` it is generated. */
export interface KeySpec {
  readonly alg?: string
  readonly kid?: string
  readonly status: KeyStatus
  readonly pem?: string
  readonly jwk?: Readonly<Record<string, unknown>>
  /** Where it stands in the configuration, for messages: `keys[0]`. */
  readonly at: string
}

/** One key of a set, which may not exist yet. */
export interface KeyEntry {
  readonly status: KeyStatus
  readonly alg: string
  get(): Promise<SigningKey>
  /** Whether the key is there. */
  done(): boolean
  /** Whether anything can have been signed with it. */
  used(): boolean
}

/** Keys as a plain value: tenants and instances may share one, and a changed set is a new set (`keySetOf`). */
export interface KeySet {
  readonly entries: readonly KeyEntry[]
  /** The algorithms of the active keys, known before any key is made. */
  algs(): readonly string[]
  /** The first key of this status, and of this algorithm where one is named. @throws KeyError when there is none */
  select(role: KeyStatus, alg?: string): Promise<SigningKey>
  /** The keys of the JWKS: active and published. */
  published(): Promise<SigningKey[]>
  /** The keys that verify: all but those which cannot have signed anything yet. */
  all(): Promise<SigningKey[]>
  /** Starts to make the active and published keys and does not wait; hidden ones are made when asked for. */
  begin(): void
  /** Whether the active and published keys are there. */
  ready(): boolean
}

interface KeySetOptions {
  /** Names this set in the key file. */
  readonly slot: string
  readonly stateFile?: KeyFile
}

/** The keys of a configuration: given ones are read now, the others are generated when they are first needed. @throws KeyError */
export function createKeySet(specs: readonly KeySpec[], { slot, stateFile }: KeySetOptions): KeySet {
  const counts = new Map<string, number>()
  return keySetOf(
    specs.map((spec) => {
      if (spec.pem !== undefined || spec.jwk !== undefined) return given(spec)
      const { alg } = algorithmNamed(spec.alg, spec.at)
      // Counted per algorithm: a key of another kind put before it does not change a key.
      const index = counts.get(alg) ?? 0
      counts.set(alg, index + 1)
      return generated(spec, stateFile, `${slot}/${alg}/${index}`)
    }),
  )
}

/**
 * RS256, unless there is no key for it: what signs where a client registered nothing.
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
 */
export function usualAlg(keys: Pick<KeySet, 'algs'>): string {
  const algs = keys.algs()
  return algs.find((alg) => alg === 'RS256') ?? algs[0] ?? 'RS256'
}

/** The key set of these entries. */
export function keySetOf(entries: readonly KeyEntry[]): KeySet {
  const active = entries.filter(({ status }) => status === 'active')
  const later = entries.filter(({ status }) => status === 'published')
  const inJwks = entries.filter(({ status }) => status !== 'hidden')
  const algs = [...new Set(active.map(({ alg }) => alg))]
  return {
    entries,
    algs: () => algs,
    async select(role, alg) {
      const entry = entries.find((each) => each.status === role && (alg === undefined || each.alg === alg))
      if (entry === undefined) throw new KeyError(missing(entries, role, alg), { at: 'keys' })
      return entry.get()
    },
    published: () => Promise.all(inJwks.map((entry) => entry.get())),
    all: () => Promise.all(entries.filter((entry) => entry.used()).map((entry) => entry.get())),
    begin() {
      // Whoever asks for the key is told what went wrong; active keys come first, for the first token waits for one.
      const make = (some: readonly KeyEntry[]) => Promise.all(some.map((entry) => entry.get()))
      make(active)
        .then(() => make(later))
        .catch(() => undefined)
    },
    ready: () => inJwks.every((entry) => entry.done()),
  }
}

function missing(entries: readonly KeyEntry[], status: KeyStatus, alg: string | undefined): string {
  const there = entries.map((entry) => `${entry.alg} (${entry.status})`).join(', ') || 'none'
  const wanted = alg === undefined ? `{ status: ${status} }` : `{ alg: ${alg}, status: ${status} }`
  return `no ${status} key${alg === undefined ? '' : ` for ${alg}`}, there are: ${there}; add ${wanted} to keys`
}

function given({ pem, jwk, status, at, ...spec }: KeySpec): KeyEntry {
  const privateKey = pem === undefined ? readJwk(jwk ?? {}, at) : readPem(pem, at)
  const { alg } = algorithmFor(privateKey, spec.alg ?? text(jwk?.alg), at)
  const key = once(() => signingKey(privateKey, alg, spec.kid ?? text(jwk?.kid)))
  return { status, alg, get: key.get, done: () => true, used: () => true }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function generated({ status, at, ...spec }: KeySpec, stateFile: KeyFile | undefined, id: string): KeyEntry {
  const { alg, generate } = algorithmNamed(spec.alg, at)
  const stored = async (file: KeyFile) => {
    const jwk = await file.key(id, async () => (await generate()).privateKey.export({ format: 'jwk' }))
    const privateKey = readJwk(jwk as Record<string, unknown>, `${file.path} (${id})`)
    algorithmFor(privateKey, alg, `${file.path} (${id})`)
    return privateKey
  }
  const key = once(async () => {
    const privateKey = stateFile === undefined ? (await generate()).privateKey : await stored(stateFile)
    return signingKey(privateKey, alg, spec.kid)
  })
  // A key that was never asked for has signed nothing, unless an earlier process made it.
  return { status, alg, get: key.get, done: key.done, used: () => stateFile !== undefined || key.begun() }
}
