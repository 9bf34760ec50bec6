/** Small private files that survive a crash at any moment, and more than one process. */
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { random } from '../random.ts'

const TRIES_UNTIL_STALE = 50
const MOST_TRIES = 200
const BETWEEN_TRIES_MS = 10

/** Replaces a file as a whole, or not at all; readable by its owner only, unless another mode is given. */
export async function writeAtomically(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${random.alphanumeric(12)}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * Runs a step while no other process runs one on the same file. A lock that nobody gives back (its owner was killed)
 * is taken away after half a second; owners hold it for milliseconds.
 */
export async function exclusively<T>(path: string, step: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  for (let tries = 1; !(await taken(lock, tries < MOST_TRIES)); tries += 1) {
    if (tries % TRIES_UNTIL_STALE === 0) await rm(lock, { force: true })
    await wait(BETWEEN_TRIES_MS)
  }
  try {
    return await step()
  } finally {
    await rm(lock, { force: true })
  }
}

async function taken(lock: string, mayTryAgain: boolean): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
    return true
  } catch (error) {
    // Windows says EPERM while another process removes the file.
    if (mayTryAgain && ['EEXIST', 'EPERM'].includes(codeOf(error) ?? '')) return false
    throw error
  }
}

/** The code of a system error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
