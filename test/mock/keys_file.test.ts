import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as tick } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeAtomically } from '../../src/keys/atomic_file.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { openKeyFile } from '../../src/keys/state.ts'
import { startProvider } from '../../src/provider.ts'
import { configured } from '../support/configured.ts'
import { folder } from '../support/folder.ts'

let parent: string
let dir: string

beforeEach(() => {
  parent = folder()
  dir = join(parent, 'state')
})

const file = () => join(dir, 'keys.json')

/** As a new start does: a file that is opened anew, a key set that is made anew. */
function start(...algs: readonly string[]) {
  const specs = algs.map((alg, index) => ({ alg, status: 'active' as const, at: `keys[${index}]` }))
  return createKeySet(specs, { slot: 'default', stateFile: openKeyFile(dir) })
}

const kids = async (...algs: readonly string[]) => (await start(...algs).all()).map(({ kid }) => kid)

describe('keys in the state directory', () => {
  it('stay the same across starts', async () => {
    const first = await kids('RS256', 'ES256', 'EdDSA')
    expect(await kids('RS256', 'ES256', 'EdDSA')).toEqual(first)
    expect(new Set(first).size).toBe(3)
  })

  it('stay the same when keys of another kind come before them, and change when their algorithm does', async () => {
    const [rs256] = await kids('ES256')
    expect((await kids('EdDSA', 'ES256'))[1]).toBe(rs256)
    expect((await kids('ES384'))[0]).not.toBe(rs256)
    expect((await kids('ES256'))[0]).toBe(rs256)
  })

  it('differ by slot', async () => {
    const stateFile = openKeyFile(dir)
    const specs = [{ alg: 'ES256', status: 'active' as const, at: 'keys[0]' }]
    const made = ['a', 'b', '__proto__'].map((slot) =>
      createKeySet(specs, { slot, stateFile }).select('active'),
    )
    expect(new Set((await Promise.all(made)).map(({ kid }) => kid)).size).toBe(3)
  })

  it.skipIf(process.platform === 'win32')('are for their owner only', async () => {
    await kids('ES256')
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  it('leave nothing else in the directory', async () => {
    await kids('ES256', 'EdDSA')
    expect(await readdir(dir)).toEqual(['keys.json'])
  })

  it('survive what a killed process leaves behind: half a temporary file, and its lock', async () => {
    const before = await kids('ES256')
    await writeFile(join(dir, 'keys.json.abc.tmp'), '{"version":1,"ke')
    await writeFile(join(dir, 'keys.json.lock'), '')
    const after = await kids('ES256', 'EdDSA')
    expect(after[0]).toBe(before[0])
    expect(await kids('ES256', 'EdDSA')).toEqual(after)
  })

  it('are one and the same for processes that start together', async () => {
    const sets = await Promise.all(Array.from({ length: 8 }, () => kids('ES256')))
    expect(new Set(sets.flat()).size).toBe(1)
  })

  it('are not written when they are all there', async () => {
    await kids('ES256')
    const before = await stat(file(), { bigint: true })
    await kids('ES256')
    expect((await stat(file(), { bigint: true })).ino).toBe(before.ino)
  })
})

describe('secrets in the state directory', () => {
  it('are made once and kept', async () => {
    let made = 0
    const make = () => `secret-${++made}`
    const one = openKeyFile(dir)
    const both = await Promise.all([one.secret('web', make), one.secret('web', make)])
    expect(both).toEqual(['secret-1', 'secret-1'])
    expect(await openKeyFile(dir).secret('web', make)).toBe('secret-1')
    expect(made).toBe(1)
  })

  it('are all there after 50 concurrent saves, some of them from elsewhere', async () => {
    const files = [openKeyFile(dir), openKeyFile(dir), openKeyFile(dir)]
    const names = Array.from({ length: 50 }, (_, index) => `client-${index}`)
    await Promise.all(names.map((name, index) => files[index % 3]?.secret(name, () => name)))
    const content = JSON.parse(await readFile(file(), 'utf8'))
    expect(Object.keys(content.secrets).sort()).toEqual([...names].sort())
    await openKeyFile(dir).check()
  })

  it('may have any name', async () => {
    const names = ['__proto__', 'constructor', '1', 'a/b', 'ä "']
    for (const name of names) await openKeyFile(dir).secret(name, () => `of ${name}`)
    for (const name of names) expect(await openKeyFile(dir).secret(name, () => 'new')).toBe(`of ${name}`)
  })
})

describe('a key file that is closed', () => {
  it('has what was being written, and nothing else', async () => {
    const keyFile = openKeyFile(dir)
    const closing = new Promise<void>((resolve) => {
      void keyFile.secret('a', () => {
        setImmediate(() => resolve(keyFile.close()))
        return 'kept'
      })
    })
    await closing
    expect(await readdir(dir)).toEqual(['keys.json'])
    expect(await openKeyFile(dir).secret('a', () => 'new')).toBe('kept')
  })

  it('keeps nothing that is made later', async () => {
    const keyFile = openKeyFile(dir)
    const secret = keyFile.secret('a', () => 'late')
    await keyFile.close()
    expect(await secret).toBe('late')
    expect(await readdir(parent)).toEqual([])
  })

  it('is what a provider leaves that stops while its keys are made', async () => {
    const keys = [{ alg: 'RS256' }, { alg: 'RS384', status: 'published' as const }]
    const config = await configured({ keys, server: { port: 0, state_dir: dir, tls: { port: 0 } } })
    const running = await startProvider(config)
    await running.stop()
    await rm(dir, { recursive: true })
    // Whoever still waits for the keys gets them.
    expect((await running.keys.published()).map(({ alg }) => alg)).toEqual(['RS256', 'RS384'])
    expect(await readdir(parent)).toEqual([])
  })

  it('is what a provider leaves that does not start', async () => {
    const keys = [{ alg: 'ES256' as const }]
    const config = await configured({ keys, server: { port: 0, state_dir: dir, tls: { port: 0 } } })
    await openKeyFile(dir).secret('tls/ca', () => 'nonsense')
    await expect(startProvider(config)).rejects.toThrow('cannot be used')
    const left = await readFile(file(), 'utf8')
    // Longer than a key takes: while one is written there is a lock, and another file.
    for (let looks = 0; looks < 500; looks += 1) expect(await readdir(dir)).toEqual(['keys.json'])
    expect(await readFile(file(), 'utf8')).toBe(left)
  })
})

describe('a key file that cannot be used', () => {
  const refused = async (text: string, message: string) => {
    await kids('ES256')
    await writeFile(file(), text)
    await expect(openKeyFile(dir).check()).rejects.toThrow(message)
    await expect(start('ES256', 'EdDSA').all()).rejects.toThrow(`${file()}: `)
    expect(await readFile(file(), 'utf8')).toBe(text)
  }

  it.each([
    ['nothing', '', 'this key file is damaged (not JSON); restore it from a copy, or delete it'],
    ['half of it', '{"version":1,"keys":{', 'damaged (not JSON)'],
    ['a list', '[]', 'damaged (not a JSON object)'],
    ['another version', '{"version":2,"keys":{}}', 'a key file of version 2, expected version 1; '],
    ['no version', '{}', 'a key file of version undefined, expected version 1; '],
    ['no keys', '{"version":1}', 'does not match its checksum'],
  ])('is named with the way out, and never overwritten: %s', (_, text, message) => refused(text, message))

  it('is found by its checksum when a letter has changed', async () => {
    await kids('ES256')
    const text = await readFile(file(), 'utf8')
    await refused(
      text.replace(/"d": "(.)/, (_, letter) => `"d": "${letter === 'A' ? 'B' : 'A'}`),
      'does not match its checksum',
    )
  })

  it('is told to whoever asks for a key, not to the process', async () => {
    await kids('ES256')
    await writeFile(file(), 'x')
    const keys = start('ES256')
    keys.begin()
    await tick()
    await tick()
    await expect(keys.select('active')).rejects.toThrow('delete it: then new keys and secrets are made')
    await rm(file())
    expect((await keys.select('active')).alg).toBe('ES256')
  })

  it.skipIf(process.platform === 'win32')('is one that cannot be written', async () => {
    await symlink(join(parent, 'nowhere', 'below'), dir)
    const secret = openKeyFile(dir).secret('a', () => 'b')
    await expect(secret).rejects.toThrow(
      /keys\.json: cannot be written \(E[A-Z]+\); make server\.state_dir a writable directory/,
    )
  })

  it('leaves no half-written copy when it cannot be replaced', async () => {
    await mkdir(join(file(), 'in-the-way'), { recursive: true })
    await expect(writeAtomically(file(), 'x')).rejects.toThrow()
    expect(await readdir(dir)).toEqual(['keys.json'])
    await expect(openKeyFile(dir).check()).rejects.toThrow('cannot be read (EISDIR)')
  })

  it('is a directory that cannot be made', async () => {
    await writeFile(dir, 'a file')
    await expect(openKeyFile(dir).check()).rejects.toThrow('cannot be read (ENOTDIR)')
    await rm(dir)
    await openKeyFile(dir).check()
    await writeFile(dir, 'a file')
    await expect(openKeyFile(join(dir, 'below')).secret('a', () => 'b')).rejects.toThrow(
      'change server.state_dir',
    )
  })
})
