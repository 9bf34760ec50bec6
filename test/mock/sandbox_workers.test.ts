import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'

const WORKER = fileURLToPath(new URL('../support/worker.mjs', import.meta.url))
const WORKERS = 16
const TESTS = 200
/** Seconds where the machine is free; others may use it as well. */
const TIMEOUT = 300_000

describe('16 workers with 200 tests each, against one server', () => {
  it(
    'see nothing of each other: a sandbox for each test, made, used and dropped',
    async () => {
      await using idp = await startIdp({ keys: [{ alg: 'EdDSA' }] })
      const run = (worker: number) =>
        promisify(execFile)(process.execPath, [WORKER, idp.url, `w${worker}`, String(TESTS)])
      const runs = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => run(worker)))
      expect(runs.flatMap(({ stdout }) => JSON.parse(stdout))).toEqual([])
      const left = await fetch(`${idp.url}/_mock/sandboxes`)
      expect(await left.json()).toEqual({ items: [] })
      expect([await idp.requests(), await idp.findings(), (await idp.clock.now()).frozen]).toEqual([
        [],
        [],
        false,
      ])
    },
    TIMEOUT,
  )
})
