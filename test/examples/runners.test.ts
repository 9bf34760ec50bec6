/** The example projects, run by the test runners themselves, as their users run them. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { chromiumPath } from '../support/chromium.ts'

const root = join(import.meta.dirname, '../..')
mkdirSync(join(root, '.cache'), { recursive: true })
const folder = mkdtempSync(join(root, '.cache/runners-'))
afterAll(() => rmSync(folder, { recursive: true }))

const LONG = { timeout: 300_000 }

/** The file that a command of a package is. */
function command(name: string, file: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)
}

interface Run {
  readonly args: readonly string[]
  readonly at: string
  readonly env?: Readonly<Record<string, string>>
}

/** What it wrote, also where tests failed; it has to end by itself. */
async function run({ args, at, env = {} }: Run): Promise<string> {
  const cwd = join(import.meta.dirname, at)
  const own = { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', ...env }
  const options = { cwd, env: own, timeout: 280_000, maxBuffer: 16 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error) => {
    if (typeof error.code === 'number') return error
    throw error
  })
  return stdout
}

/** From the first brace that begins a line: runners say other things before. */
function json(text: string) {
  return JSON.parse(text.slice(text.search(/^\{/m)))
}

describe('the examples', () => {
  it('pass with vitest, in workers and against one provider', LONG, async () => {
    const args = [command('vitest', 'vitest.mjs'), 'run', '--config', 'vitest.config.mjs', '--reporter=json']
    const { numPassedTests, numFailedTests, testResults } = json(await run({ args, at: 'vitest' }))
    expect(testResults.map(({ message }: { message: string }) => message).join('')).toBe('')
    expect([numFailedTests, numPassedTests]).toEqual([0, 10])
  })

  it('pass with jest as it is: CommonJS, no transform', LONG, async () => {
    const args = [
      command('jest', 'bin/jest.js'),
      '--config',
      'jest.config.json',
      '--json',
      '--watchman=false',
    ]
    const cache = `--cacheDirectory=${join(folder, 'jest')}`
    const { numPassedTests, numFailedTests, testResults } = json(
      await run({ args: [...args, cache, '--testPathPatterns=api'], at: 'jest' }),
    )
    expect(testResults.map(({ message }: { message: string }) => message).join('')).toBe('')
    expect([numFailedTests, numPassedTests]).toEqual([0, 3])
  })

  it('pass with jest and ECMAScript modules', LONG, async () => {
    const args = ['--experimental-vm-modules', command('jest', 'bin/jest.js'), '--config', 'jest.config.json']
    const more = ['--json', '--watchman=false', `--cacheDirectory=${join(folder, 'jest')}`]
    const { numPassedTests, numFailedTests, testResults } = json(
      await run({ args: [...args, ...more, '--testPathPatterns=module'], at: 'jest' }),
    )
    expect(testResults.map(({ message }: { message: string }) => message).join('')).toBe('')
    expect([numFailedTests, numPassedTests]).toEqual([0, 2])
  })

  it('pass with node --test', LONG, async () => {
    const out = await run({ args: ['--test', '--test-reporter=tap', 'shop.test.mjs'], at: 'node_test' })
    expect(out).toMatch(/^# pass 4$/m)
    expect(out).toMatch(/^# fail 0$/m)
  })

  it('pass with Playwright: four workers, each signed in as somebody else', LONG, async (cx) => {
    const env = { CHROMIUM: chromiumPath(cx), PLAYWRIGHT_OUTPUT: join(folder, 'playwright') }
    const args = [command('@playwright/test', 'cli.js'), 'test', '--reporter=json']
    const report = json(await run({ args, at: 'playwright', env }))
    expect(report.errors).toEqual([])
    expect(report.stats).toMatchObject({ expected: 21, unexpected: 0, flaky: 0, skipped: 0 })
    const workers = [...JSON.stringify(report).matchAll(/"parallelIndex":(\d)/g)].map((match) => match[1])
    expect(new Set(workers).size).toBe(4)
  })
})
