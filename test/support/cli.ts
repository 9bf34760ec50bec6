/** The command as its users run it: built, in a process of its own, in a folder of its own. */
import { execFile, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { folder } from './folder.ts'

const CLI = resolve(import.meta.dirname, '../../dist/cli.cjs')

type Env = Readonly<Record<string, string>>

export interface Place {
  readonly cwd: string
  readonly env?: Env
}

function environment(env: Env = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...env }
}

/** Runs a command to its end. */
export function run(
  args: readonly string[],
  { cwd, env }: Place = { cwd: folder() },
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], { cwd, env: environment(env) }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
    })
  })
}

/** Starts a command that goes on running; it is stopped when the test ends. */
export function start(args: readonly string[] = [], { cwd, env }: Place = { cwd: folder() }) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: environment(env) })
  const texts = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const heard = () => {
    for (const look of waiting) look()
  }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
      heard()
    })
  }
  const ended = new Promise<readonly [code: number | null, signal: string | null]>((done) => {
    child.once('close', (code, signal) => {
      done([code, signal])
      heard()
    })
  })
  return {
    child,
    texts,
    ended,
    /** Waits until a stream says this. */
    says: (pattern: RegExp, name: keyof typeof texts = 'stdout') =>
      new Promise<RegExpMatchArray>((done, fail) => {
        const look = () => {
          const found = texts[name].match(pattern)
          if (found === null && child.exitCode === null && child.signalCode === null) return
          waiting.delete(look)
          if (found !== null) done(found)
          else fail(new Error(`it ended before it said ${pattern}:\n${texts.stdout}${texts.stderr}`))
        }
        waiting.add(look)
        look()
      }),
    stop: (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The last thing of a banner: all of it is there then. */
export const BANNER = /a token\n {2}(curl .*)\n/

/** The issuer that a banner shows. */
export function issuerIn(banner: string): string {
  return /https?:\/\/[^\s'"]+/.exec(banner)?.[0] ?? ''
}

/** Two clients, one with all that explain can show. */
export const CONFIG = `
server: { port: 9000 }
lifetimes: { access_token: 20m }
resources:
  - identifier: https://api.example.test
    scopes: [read, write]
    claims: { region: eu }
  - identifier: reports
    access_token: { format: opaque, lifetime: 5m }
clients:
  - client_id: batch
    client_name: Nightly orders
    client_secret: s3cret-of-batch
    audience: https://api.example.test
    scope: read
    roles: [archivist]
    claims: { department: finance }
  - { client_id: idle, client_secret: s3cret-of-idle, grant_types: [] }
`

/** A folder with this configuration. */
export const place = (text = CONFIG) => ({ cwd: folder({ 'idp-double.yaml': text }) })
