/** The container image, without a container engine: its instructions are walked, and its command runs from its files. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { folder } from '../support/folder.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8')

interface Instruction {
  readonly stage: number
  readonly name: string
  readonly rest: string
}

function instructions(): Instruction[] {
  const lines = read('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
  let stage = -1
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = line.match(/^(\S+)\s+(.*)$/) ?? []
      if (name === 'FROM') stage += 1
      return { stage, name, rest }
    })
}

const all = instructions()
const [build = [], final = []] = [0, 1].map((stage) => all.filter((one) => one.stage === stage))
const last = (name: string) => final.findLast((one) => one.name === name)?.rest ?? ''
const exec = (name: string): string[] => JSON.parse(last(name).replace(/^.*?CMD (?=\[)|^--\S+ /g, ''))

/** `COPY a b dir` as pairs; `from` is the earlier stage that the files come out of. */
function copies(
  stage: readonly Instruction[],
): { from: string | undefined; source: string; target: string }[] {
  return stage
    .filter((one) => one.name === 'COPY')
    .flatMap(({ rest }) => {
      const [, from, paths = ''] = rest.match(/^(?:--from=(\S+) )?(?:--chown=\S+ )?(.*)$/) ?? []
      const names = paths.split(/\s+/)
      const to = names.pop() ?? ''
      return names.map((source) => ({
        from,
        source,
        target: to.endsWith('/') ? to + path.basename(source) : to,
      }))
    })
}

/** The last matching line decides, as in Docker; our file has plain names and `*` only. */
function ignored(name: string): boolean {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const matching = lines.filter((line) => ['*', name].includes(line.replace(/^!/, '').replace(/\/$/, '')))
  return matching.at(-1)?.startsWith('!') === false
}

const work = folder()
const inImage = (text: string) => text.replace(/^\/(?=app\b)/, `${work}/`)
const node = (argv: readonly string[]) => argv.slice(1).map(inImage)

describe('Dockerfile', () => {
  it('copies only what exists and is not ignored', () => {
    const context = copies(all).filter((copy) => copy.from === undefined)
    expect(context).not.toEqual([])
    expect(context.filter((copy) => !fs.existsSync(path.join(root, copy.source)))).toEqual([])
    expect(context.filter((copy) => ignored(copy.source))).toEqual([])
    expect(['node_modules', 'dist', '.git'].filter((name) => !ignored(name))).toEqual([])
  })

  it('pins its bases, and the app of compose.yaml runs on the same', () => {
    const bases = all.filter((one) => one.name === 'FROM').map((one) => one.rest.split(' ')[0])
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?$/)
    expect(new Set([...bases, parse(read('compose.yaml')).services.app.image]).size).toBe(1)
  })

  it('runs as a numeric user that is not root', () => {
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  it('has a directory for state that this user owns, and names its ports', () => {
    const owned = final.filter((one) => one.name === 'COPY' && one.rest.includes(`--chown=${last('USER')} `))
    expect(owned.map((one) => one.rest.split(' ').at(-1))).toEqual(['/state'])
    expect(last('EXPOSE')).toBe('8080 8443')
  })

  it('starts without a shell', () => {
    expect(exec('ENTRYPOINT')).toEqual(['node', '/app/dist/cli.cjs'])
    expect(exec('CMD')).toEqual(['serve'])
    expect(exec('HEALTHCHECK')).toEqual(['node', '/app/dist/cli.cjs', 'healthcheck'])
    expect(final.filter((one) => one.name === 'RUN')).toEqual([])
  })
})

describe('the image', () => {
  beforeAll(() => {
    const stage = path.join(work, 'build')
    for (const { name, rest } of build)
      if (name === 'WORKDIR') fs.mkdirSync(path.join(work, rest), { recursive: true })
    for (const { source, target } of copies(build)) {
      fs.cpSync(path.join(root, source), path.join(stage, target), { recursive: true })
    }
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(stage, 'node_modules'), 'junction')
    const runs = build.filter((one) => one.name === 'RUN').map((one) => one.rest)
    expect(runs).toEqual(['npm ci --ignore-scripts', 'npm run build'])
    execFileSync('npm', ['run', 'build'], { cwd: stage, stdio: 'pipe', shell: process.platform === 'win32' })
    for (const { from, source, target } of copies(final)) {
      const origin = from === undefined ? path.join(root, source) : path.join(work, source)
      fs.cpSync(origin, path.join(work, 'app', target), { recursive: true })
    }
  }, 60_000)

  it('serves from its own files, is healthy, writes nothing and stops on SIGTERM', async () => {
    const app = path.join(work, 'app')
    const listing = () => fs.readdirSync(app, { recursive: true, encoding: 'utf8' }).sort()
    const before = listing()
    const declared = Object.fromEntries(
      last('ENV')
        .split(' ')
        .map((pair) => pair.split('=')),
    )
    const env = { PATH: process.env['PATH'], ...declared, IDP_DOUBLE_PORT: '0' }
    const server = spawn(process.execPath, node([...exec('ENTRYPOINT'), ...exec('CMD')]), { cwd: app, env })
    onTestFinished(() => void server.kill('SIGKILL'))
    const exit = once(server, 'exit')
    let port: string | undefined
    for await (const line of createInterface(server.stdout)) {
      port = line.match(/https?:\/\/[^\s/]+:(\d+)/)?.[1]
      if (port !== undefined) break
    }
    server.stdout.resume()
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    const healthcheck = (at: string | undefined) =>
      spawnSync(process.execPath, node(exec('HEALTHCHECK')), {
        cwd: app,
        env: { ...env, IDP_DOUBLE_PORT: at },
      }).status
    expect(healthcheck(port)).toBe(0)
    server.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    expect(healthcheck(port)).toBe(1)
    expect(listing()).toEqual(before)
  }, 30_000)
})

describe('compose.yaml', () => {
  it('starts the app when the provider is healthy, on a read-only file system', () => {
    const { idp, app } = parse(read('compose.yaml')).services
    expect(app.depends_on.idp.condition).toBe('service_healthy')
    expect(idp.healthcheck.test).toEqual(['CMD', ...exec('HEALTHCHECK')])
    expect(idp.read_only).toBe(true)
    const mount = idp.volumes[0].split(':')
    expect(fs.existsSync(path.join(root, mount[0]))).toBe(true)
    expect(idp.environment.IDP_DOUBLE_CONFIG_FILE).toBe(mount[1])
  })
})
