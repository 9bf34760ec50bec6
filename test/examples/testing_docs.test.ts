/** The blocks of docs/testing.md, each run by the runner that it is for. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { chromiumPath } from '../support/chromium.ts'
import { readPage } from '../support/markdown.ts'

const root = join(import.meta.dirname, '../..')
const { blocks } = readPage(join(root, 'docs/testing.md'))
const of = (info: string) => blocks.filter((block) => block.info === info).map(({ text }) => text)

// Node finds packages from where a file is, so programs are written below this project.
mkdirSync(join(root, '.cache'), { recursive: true })
const folder = mkdtempSync(join(root, '.cache/testing-'))
afterAll(() => rmSync(folder, { recursive: true }))

const LONG = { timeout: 300_000 }

function command(name: string, file: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)
}

/** Runs it in a folder of its own with these files. @throws where it fails, with what it wrote */
async function run(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const cwd = mkdtempSync(join(folder, 'run-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  const own = { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', ...env }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: own, timeout: 280_000 })
  return stdout
}

/** A module of the example application, which is JavaScript. */
const example = (name: string) => import(pathToFileURL(join(import.meta.dirname, 'app', name)).href)

/** What the comments behind `console.log` say. */
const said = (text: string) =>
  [...text.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map((match) => match[1] ?? '')

describe('docs/testing.md', () => {
  it.each(of('js node').map((text) => [text]))('has a program that prints what it says: %j', async (text) => {
    expect(said(text).length).toBeGreaterThan(0)
    const printed = await run({ 'program.mjs': text }, ['program.mjs'])
    expect(printed.trimEnd().split('\n')).toEqual(said(text))
  })

  it('has tests for Vitest that pass, also against a service container', LONG, async () => {
    const jobs = of('text').find((text) => text.startsWith('jobs:')) ?? ''
    const { services, steps } = parse(jobs).jobs.test
    const variable = services.idp.env.IDP_DOUBLE_CONFIG
    const file = join(folder, 'service.yaml')
    writeFileSync(file, variable)
    await using idp = await startIdp({ configFile: file })
    const { env } = steps.at(-1)
    expect(env.IDP_DOUBLE_URL).toBe('http://localhost:8080')
    const tests = [...of('js vitest'), ...of('js vitest connect')].map((text, at) => [`${at}.test.mjs`, text])
    const args = [command('vitest', 'vitest.mjs'), 'run', '--reporter=json', '--root=.']
    const out = await run(Object.fromEntries(tests), args, { ...env, IDP_DOUBLE_URL: idp.url })
    expect(JSON.parse(out.slice(out.search(/^\{/m)))).toMatchObject({ numPassedTests: 3, numTotalTests: 3 })
  })

  it('has tests for Jest that pass', LONG, async () => {
    const tests = of('js jest').map((text, at) => [`${at}.test.cjs`, text])
    const options = { testMatch: ['**/*.test.cjs'], transform: {}, rootDir: '.' }
    const args = [command('jest', 'bin/jest.js'), '--json', '--watchman=false', '--config', 'jest.json']
    const files = { ...Object.fromEntries(tests), 'jest.json': JSON.stringify(options) }
    expect(JSON.parse(await run(files, args))).toMatchObject({ numPassedTests: 1, numTotalTests: 1 })
  })

  it('has tests for node:test that pass', LONG, async () => {
    const tests = of('js node-test').map((text, at) => [`${at}.test.mjs`, text])
    const out = await run(Object.fromEntries(tests), ['--test', '--test-reporter=tap'])
    expect(out).toMatch(/^# pass 1$/m)
  })
})

describe('docs/testing.md for Playwright', () => {
  let idp: StartedIdp
  const servers: { readonly url: string; close(): Promise<unknown> }[] = []
  beforeAll(async () => {
    const [{ startApi }, { API, config }, { startShop }] = await Promise.all([
      example('api.mjs'),
      example('config.mjs'),
      example('server.mjs'),
    ])
    idp = await startIdp(config)
    const { issuer } = idp
    const api = await startApi({ issuer, audience: API })
    const shop = await startShop({ issuer, clientId: 'shop', clientSecret: 'of the shop', api: api.url })
    servers.push(shop, api)
  })
  afterAll(async () => {
    for (const server of servers) await server.close()
    await idp.stop()
  })

  it('has tests that pass at an application', LONG, async (cx) => {
    const launch = { executablePath: chromiumPath(cx), args: ['--no-sandbox', '--disable-gpu'] }
    const here = (text: string) =>
      text
        .replace('http://localhost:3000', servers[0]?.url ?? '')
        .replace('http://localhost:8080', idp.url)
        .replace('use: {', `timeout: 120_000,\n  use: { launchOptions: ${JSON.stringify(launch)},`)
    const tests = of('js playwright').map((text, at) => [`${at}.test.mjs`, text])
    const files = {
      ...Object.fromEntries(tests),
      'playwright.config.mjs': here(of('js playwright config')[0] ?? ''),
    }
    const out = await run(files, [command('@playwright/test', 'cli.js'), 'test', '--reporter=json'])
    expect(JSON.parse(out).stats).toMatchObject({ expected: 2, unexpected: 0, flaky: 0 })
  })
})
