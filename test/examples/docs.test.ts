/** Every block of docs/ is taken out of it: configurations are valid, and what is marked `run` runs. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { folder } from '../support/folder.ts'
import { readPage } from '../support/markdown.ts'
import { shell } from '../support/shell.ts'

const root = join(import.meta.dirname, '../..')
const CLI = join(root, 'dist/cli.cjs')
const LOOPBACK_ONLY = pathToFileURL(join(root, 'test/azure/support/loopback_only.mjs')).href

const names = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const files = ['README.md', ...names.map((name) => `docs/${name}`)]
const pages = new Map(files.map((file) => [file, readPage(join(root, file))]))
const docs = [...pages].filter(([file]) => file !== 'README.md')
const blocks = docs.flatMap(([file, page]) => page.blocks.map((block) => ({ file, ...block })))
const of = (language: string) => blocks.filter(({ info }) => info.split(' ')[0] === language)

// Node finds packages from where a file is, so programs are written below this project.
mkdirSync(join(root, '.cache'), { recursive: true })
const programs = mkdtempSync(join(root, '.cache/docs-'))
afterAll(() => rmSync(programs, { recursive: true }))

/** A configuration as its reader has it: a file in a folder of its own. */
async function startText(text: string): Promise<StartedIdp> {
  const at = folder()
  writeFileSync(join(at, 'idp-double.yaml'), text.replaceAll('/state', at))
  return await startIdp({ configFile: join(at, 'idp-double.yaml') })
}

describe.each(docs)('%s', (file, page) => {
  it('is linked from the README', () => {
    expect(pages.get('README.md')?.links.map((link) => link.split('#')[0])).toContain(file)
  })

  it('has no block of which nobody knows what it is', () => {
    // Those of testing.md are run by testing_docs.test.ts.
    const runners = [
      'node',
      'vitest',
      'vitest connect',
      'jest',
      'node-test',
      'playwright',
      'playwright config',
    ]
    const known = ['yaml', 'sh run', 'js', 'js run', 'text', ...runners.map((name) => `js ${name}`)]
    expect(page.blocks.map(({ info }) => info).filter((info) => !known.includes(info))).toEqual([])
  })
})

describe('links between the pages', () => {
  it.each(files.flatMap((file) => pages.get(file)?.links.map((link) => [file, link] as const) ?? []))(
    '%s: %s leads somewhere',
    (file, link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? file : join(dirname(file), path).replaceAll('\\', '/')
      expect(existsSync(join(root, target))).toBe(true)
      if (anchor !== undefined) expect([...(pages.get(target)?.anchors ?? [])]).toContain(anchor)
    },
  )
})

describe('configurations', () => {
  const all = of('yaml')
  const isCompose = ({ text }: { text: string }) => text.startsWith('services:')

  it.each(all.filter((block) => !isCompose(block)).map(({ file, text }) => [file, text]))(
    '%s shows one that is valid: %j',
    async (_file, text) => {
      await using idp = await startText(String(text))
      expect(idp.issuer).toMatch(/^https?:/)
    },
  )

  it.each(all.filter(isCompose).map(({ file, text }) => [file, text]))(
    '%s shows a compose file whose configurations are valid',
    async (_file, text) => {
      const { services } = parse(String(text))
      await using idp = await startText(services.idp.environment.IDP_DOUBLE_CONFIG)
      expect(idp.httpsUrl).toMatch(/^https:/)
      expect(services.app.depends_on.idp.condition).toBe('service_healthy')
    },
  )
})

const isRun = ({ info }: { info: string }) => info.endsWith(' run')

describe.each([...pages].filter(([, { blocks: each }]) => each.some(isRun)))('%s', (_, page) => {
  let idp: StartedIdp
  const at = folder()
  beforeAll(async () => {
    const configurations = page.blocks.filter(({ info }) => info === 'yaml')
    const configuration =
      configurations.find(({ text }) => text.includes('state_dir') && text.includes('dialect: entra')) ??
      configurations[0]
    writeFileSync(join(at, 'idp-double.yaml'), configuration?.text ?? '')
    idp = await startIdp({ configFile: join(at, 'idp-double.yaml') })
  })
  afterAll(() => idp.stop())

  const here = (text: string) =>
    text
      .replaceAll('https://localhost:8443', String(idp.httpsUrl))
      .replaceAll('localhost:8443', new URL(idp.httpsUrl ?? idp.url).host)
      .replaceAll('http://localhost:8080', idp.url)
      .replaceAll(/^idp-double/gm, `${process.execPath} ${CLI}`)

  const inIt = (info: string) => page.blocks.filter((block) => block.info === info).map(({ text }) => text)

  it.each(inIt('sh run'))('has a command that works: %j', async (text) => {
    expect(await shell(`cd ${at} && ${here(text)}`)).not.toBe('')
  })

  it.each(inIt('js run'))('has a program that prints what its comment says: %j', async (text) => {
    const program = join(programs, 'program.mjs')
    writeFileSync(program, here(text))
    const env = { PATH: process.env['PATH'], ...idp.env('azure'), ...idp.env('tls') }
    const args = ['--import', LOOPBACK_ONLY, program]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    const said = [...text.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map((match) => match[1])
    expect(said.length).toBeGreaterThan(0)
    expect(stdout.trimEnd().split('\n')).toEqual(said)
  })
})

describe('programs that are shown only', () => {
  const shown = of('js').filter(({ info }) => ['js', 'js run'].includes(info))

  it.each(shown.map(({ file, text }) => [file, text]))(
    '%s: %j is one, and imports what there is',
    async (_file, text = '') => {
      const file = join(programs, 'shown.mjs')
      writeFileSync(file, text)
      await promisify(execFile)(process.execPath, ['--check', file])
      for (const [, imported = '', from = ''] of text.matchAll(/^import (.+) from '(.+)'$/gm)) {
        const module = await import(resolve(root, 'node_modules', from)).catch(() => import(from))
        const wanted = imported.startsWith('{') ? imported.slice(1, -1).split(',') : ['default']
        for (const name of wanted) expect(Object.keys(module)).toContain(name.trim())
      }
    },
  )
})
