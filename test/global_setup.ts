/**
 * Tests that start the command line run what users run, so dist/ is brought up to date first; it takes half a second.
 * When it does not build, the tests that need none of it still run, and the others find no stale dist/ to pass with.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export function setup(): void {
  const root = path.dirname(import.meta.dirname)
  try {
    const build = [path.join(root, 'scripts/build.mjs'), '--no-types']
    execFileSync(process.execPath, build, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    console.error(
      `dist/ does not build; tests that need it will fail:\n${error instanceof Error ? error.message : error}`,
    )
    fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  }
}
