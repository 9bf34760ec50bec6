// Packs the package and uses it as a stranger would: installed into an empty folder, on every Node line we promise.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

const MAJORS = [20, 22, 24]
const DEADLINE = 20_000
const root = path.dirname(import.meta.dirname)
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'idp-double-smoke-'))
const consumer = path.join(work, 'consumer')

const LIBRARY = `
import { startIdp } from 'idp-double'
const web = { client_id: 'web', redirect_uris: ['http://localhost:3000/'], require_pkce: false }
const idp = await startIdp({ clients: [web], users: [{ username: 'alice' }] })
const answer = await fetch(idp.issuer + '/.well-known/openid-configuration')
if (!answer.ok) throw new Error('discovery answered ' + answer.status)
const login = await fetch(idp.issuer + '/authorize?client_id=web&response_type=code&scope=openid')
if (!(await login.text()).includes('user-alice')) throw new Error('no login page, but ' + login.status)
await idp.stop()
`

/** Whoever has none of the runners can load what needs none of them. */
const ENTRIES = `
import { test } from 'node:test'
import { connectIdp } from 'idp-double'
import { useIdp } from 'idp-double/node-test'
import { loginAs } from 'idp-double/playwright'
const used = useIdp({ clients: [{ client_id: 'batch', client_secret: 's3cret' }] })
test('a provider, in process and over HTTP', async () => {
  const far = await connectIdp(used.idp.url)
  const sandbox = await far.sandbox()
  if (!(await sandbox.token({ client: 'batch' })).startsWith('ey')) throw new Error('no token')
  await sandbox.stop()
  await far.stop()
  if (typeof loginAs !== 'function') throw new Error('no loginAs')
})
`

const COMMONJS = `
const { startIdp } = require('idp-double')
const { useIdp } = require('idp-double/node-test')
import('idp-double').then((esm) => {
  if (esm.startIdp !== startIdp || typeof useIdp !== 'function') throw new Error('there are two copies')
})
`

const TYPES = `
import { connectIdp, startIdp, type ConfigInput, type Idp, type Sandbox } from 'idp-double'
import { assertNoFindings, useIdp } from 'idp-double/node-test'
const config: ConfigInput = { clients: [{ client_id: 'batch', client_secret: 's3cret', grant_types: ['client_credentials'] }] }
export async function issuer(): Promise<string> {
  await using idp = await startIdp(config)
  return idp.issuer
}
export const far: Promise<Idp> = connectIdp('http://localhost:8080', { token: 't' })
export const used = useIdp(config, { users: [{ username: 'alice' }] })
export const box = (): Sandbox => used.sandbox
export const judged = (): Promise<void> => assertNoFindings(used.sandbox)
// @ts-expect-error an unknown key is refused by the types already
export const wrong: ConfigInput = { client: [] }
// @ts-expect-error in a sandbox too
export const small = () => used.idp.sandbox({ client: [] })
`

const COMMONJS_TYPES = `
import idp = require('idp-double')
import runner = require('idp-double/node-test')
export const used: runner.Used = runner.useIdp({})
export const started: Promise<idp.StartedIdp> = idp.startIdp()
`

/** No dependency and no third-party types: what the declarations need, they must bring. */
const TSCONFIG = {
  compilerOptions: {
    module: 'NodeNext',
    target: 'ES2023',
    lib: ['ES2023'],
    types: [],
    strict: true,
    noEmit: true,
  },
  include: ['types.ts', 'types.cts'],
}

function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
}

function install() {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', work], root))
  fs.mkdirSync(consumer)
  fs.writeFileSync(path.join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n')
  npm(['install', '--offline', '--no-audit', '--no-fund', path.join(work, packed.filename)], consumer)
  const installed = fs
    .readdirSync(path.join(consumer, 'node_modules'))
    .filter((name) => !name.startsWith('.'))
  if (installed.join() !== 'idp-double') throw new Error(`installed more than the package: ${installed}`)
  return `${packed.filename}, ${Math.round(packed.size / 1000)} kB packed, ${Math.round(packed.unpackedSize / 1000)} kB unpacked`
}

function compile() {
  fs.writeFileSync(path.join(consumer, 'types.ts'), TYPES)
  fs.writeFileSync(path.join(consumer, 'types.cts'), COMMONJS_TYPES)
  fs.writeFileSync(path.join(consumer, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  execFileSync(path.join(root, 'node_modules/.bin/tsc'), ['-p', consumer], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

/** The node package of the npm registry carries the binary itself, so no install script has to run. */
function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const dir = path.join(work, `node${major}`)
  fs.mkdirSync(dir)
  fs.writeFileSync(path.join(dir, 'package.json'), '{ "private": true }\n')
  const name = `node-${platform}-${process.arch}`
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`], dir)
  return path.join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** The first URL that the CLI prints is its issuer. */
async function issuerOf(child) {
  for await (const line of createInterface(child.stdout)) {
    const url = line.match(/https?:\/\/[^\s'"]+/)?.[0]
    if (url) return url
  }
  throw new Error('the CLI ended without printing an issuer')
}

async function serve(node) {
  const cli = path.join(consumer, 'node_modules/idp-double/dist/cli.cjs')
  const child = spawn(node, [cli, 'serve', '--port', '0'], {
    cwd: consumer,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE)
  try {
    const issuer = await issuerOf(child)
    child.stdout.resume()
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
    if (metadata.issuer !== issuer) throw new Error(`printed ${issuer}, discovery says ${metadata.issuer}`)
  } finally {
    child.kill('SIGTERM')
  }
  const [code, signal] = await exit
  clearTimeout(timer)
  // Windows has no signals: a kill there is the end of the process, whatever it listens to.
  if (code !== 0 && process.platform !== 'win32')
    throw new Error(`SIGTERM ended the CLI with ${signal ?? code}, not with 0`)
}

async function smoke(major) {
  let node
  try {
    node = nodeOf(major)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    return console.log(
      `smoke: SKIPPED on Node ${major}, which npm could not fetch: ${error.message.split('\n')[0]}`,
    )
  }
  await serve(node)
  const programs = { 'library.mjs': LIBRARY, 'library.cjs': COMMONJS, 'entries.mjs': ENTRIES }
  for (const [name, program] of Object.entries(programs)) {
    fs.writeFileSync(path.join(consumer, name), program)
    // The reporter of a test speaks only where the exit code is not 0.
    execFileSync(node, [name], { cwd: consumer, encoding: 'utf8', timeout: DEADLINE })
  }
  console.log(
    `smoke: CLI, library and entries work on Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`,
  )
}

try {
  console.log(`smoke: ${install()}`)
  compile()
  console.log('smoke: types compile alone')
  for (const major of MAJORS) await smoke(major)
} finally {
  fs.rmSync(work, { recursive: true, force: true })
}
