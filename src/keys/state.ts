/** `keys.json` in the `state_dir`: generated keys and secrets that outlive the process. */
import { createHash, type JsonWebKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, exclusively, writeAtomically } from './atomic_file.ts'
import { KeyError } from './key_error.ts'

const VERSION = 1

export interface KeyFile {
  readonly path: string
  /** Reads the file if there is one, so that a damaged one is found at the start. @throws KeyError */
  check(): Promise<void>
  /** The private key kept under this id; made, once, and kept if there is none yet. @throws KeyError */
  key(id: string, make: () => Promise<JsonWebKey>): Promise<JsonWebKey>
  /** The secret kept under this name; made and kept if there is none yet. @throws KeyError */
  secret(name: string, make: () => string | Promise<string>): Promise<string>
  /** What is made from now on is not kept; resolves when nothing is being written any more. */
  close(): Promise<void>
}

type Section = 'keys' | 'secrets'

interface Content {
  readonly keys: Map<string, JsonWebKey>
  readonly secrets: Map<string, string>
}

type Addition = (content: Content) => void

/** The key file of a state directory; nothing is read or written before it is used. */
export function openKeyFile(stateDir: string): KeyFile {
  const path = join(stateDir, 'keys.json')
  const saver = createSaver(path)
  const underWay = new Map<string, Promise<unknown>>()
  let known: Content | undefined
  let isClosed = false

  async function keep<S extends Section, V extends JsonWebKey | string>(
    section: S,
    id: string,
    make: () => V | Promise<V>,
  ) {
    const held = () => known?.[section].get(id) as V | undefined
    if (held() === undefined) known = await readContent(path)
    const found = held()
    if (found !== undefined) return found
    const value = await make()
    if (isClosed) return value
    known = await saver.save((content) => {
      const entries = content[section] as Map<string, V>
      // Another process may have been faster: its value stays.
      if (!entries.has(id)) entries.set(id, value)
    })
    return held() ?? value
  }

  /** Concurrent callers of the same name share one making. */
  function shared<T>(name: string, make: () => Promise<T>): Promise<T> {
    const current = underWay.get(name) as Promise<T> | undefined
    if (current !== undefined) return current
    const promise = make().finally(() => underWay.delete(name))
    underWay.set(name, promise)
    return promise
  }

  return {
    path,
    async check() {
      known = await readContent(path)
    },
    key: (id, make) => shared(`key ${id}`, () => keep('keys', id, make)),
    secret: (name, make) => shared(`secret ${name}`, () => keep('secrets', name, make)),
    close() {
      isClosed = true
      return saver.idle()
    },
  }
}

interface Saver {
  save(addition: Addition): Promise<Content>
  /** Resolves when what was to be saved until now is, or could not be. */
  idle(): Promise<void>
}

/** Saves one after the other; what comes in while one is under way goes together into the next. */
function createSaver(path: string): Saver {
  let waiting: Addition[] = []
  let next: Promise<Content> | undefined
  let last: Promise<void> = Promise.resolve()
  return {
    save(addition) {
      waiting.push(addition)
      next ??= last.then(() => {
        const batch = waiting
        waiting = []
        next = undefined
        return merge(path, batch)
      })
      last = next.then(ignore, ignore)
      return next
    },
    idle: () => last,
  }
}

/** Whoever saves hears of it. */
const ignore = () => undefined

async function merge(path: string, additions: readonly Addition[]): Promise<Content> {
  try {
    return await exclusively(path, async () => {
      const content = await readContent(path)
      for (const add of additions) add(content)
      await writeAtomically(path, textOf(content))
      return content
    })
  } catch (cause) {
    const code = codeOf(cause)
    if (code === undefined) throw cause
    const fix = 'make server.state_dir a writable directory, or leave it out to keep keys in memory'
    throw new KeyError(`cannot be written (${code}); ${fix}`, { at: path, cause })
  }
}

async function readContent(path: string): Promise<Content> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT') return { keys: new Map(), secrets: new Map() }
    throw new KeyError(`cannot be read (${code}); make it readable, or change server.state_dir`, {
      at: path,
      cause,
    })
  }
  return parse(text, path)
}

function textOf({ keys, secrets }: Content): string {
  const body = { keys: Object.fromEntries(keys), secrets: Object.fromEntries(secrets) }
  return `${JSON.stringify({ version: VERSION, sha256: checksum(body), ...body }, null, 2)}\n`
}

function parse(text: string, path: string): Content {
  const fix = 'restore it from a copy, or delete it: then new keys and secrets are made'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new KeyError(`this key file is damaged (not JSON); ${fix}`, { at: path, cause })
  }
  if (!isObject(value))
    throw new KeyError(`this key file is damaged (not a JSON object); ${fix}`, { at: path })
  const { version, sha256, keys, secrets } = value
  if (version !== VERSION) {
    throw new KeyError(
      `a key file of version ${JSON.stringify(version)}, expected version ${VERSION}; ${fix}`,
      { at: path },
    )
  }
  if (!isObject(keys) || !isObject(secrets) || sha256 !== checksum({ keys, secrets })) {
    throw new KeyError(`this key file is damaged (its content does not match its checksum); ${fix}`, {
      at: path,
    })
  }
  return {
    keys: new Map(Object.entries(keys as Record<string, JsonWebKey>)),
    secrets: new Map(Object.entries(secrets as Record<string, string>)),
  }
}

function checksum(body: { readonly keys: unknown; readonly secrets: unknown }): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
