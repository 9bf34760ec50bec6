/**
 * SDKs as applications run them: in a process of their own, which trusts the CA since its start (NODE_EXTRA_CA_CERTS)
 * and reaches nothing but this machine.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

const HOST = join(import.meta.dirname, 'sdk_host.mjs')

/** What a script may have done by the test: `signIn`, `advance`. */
type Hands = Readonly<Record<string, (...args: never[]) => unknown>>

export interface Sdk {
  /** Calls an exported function of a script. @throws what it threw, with all that the error said */
  call(script: string, name: string, args?: object, hands?: Hands): Promise<Outcome>
  /** Names a host that is this port of this machine from now on. */
  route(host: string, port: number): void
  /** Who would have been called outside; forgotten then. */
  takeEscaped(): string[]
  /** Ends the process. @throws Error where somebody outside would have been called and the test did not know */
  [Symbol.asyncDispose](): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: what SDKs give is known to them; tests compare it whole
export type Outcome = any

interface Done {
  readonly kind: 'done'
  readonly id: number
  readonly value?: unknown
  readonly error?: { readonly name: string; readonly message: string }
  readonly escaped: readonly string[]
}

interface Ask {
  readonly kind: 'ask'
  readonly id: number
  readonly call: number
  readonly what: string
  readonly args: never[]
}

interface Call {
  readonly hands: Hands
  settle(done: Done): void
}

class SdkProcess implements Sdk {
  readonly #child: ChildProcess
  readonly #calls = new Map<number, Call>()
  readonly #routes: Record<string, number> = {}
  readonly #escaped: string[] = []
  #stderr = ''

  constructor(child: ChildProcess) {
    this.#child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    child.on('message', (message: Done | Ask) => {
      if (message.kind === 'ask') void this.#help(message)
      else this.#settle(message)
    })
    child.once('exit', (code) => {
      const error = { name: 'Error', message: `the process ended with ${code}: ${this.#stderr}` }
      for (const id of this.#calls.keys()) this.#settle({ kind: 'done', id, escaped: [], error })
    })
  }

  async call(script: string, name: string, args: object = {}, hands: Hands = {}): Promise<Outcome> {
    const id = this.#calls.size + 1
    if (!this.#child.connected) throw new Error(`the process is over: ${this.#stderr}`)
    return new Promise((resolve, reject) => {
      const settle = ({ value, error }: Done) =>
        error === undefined ? resolve(value) : reject(Object.assign(new Error(error.message), error))
      this.#calls.set(id, { hands, settle })
      this.#child.send({ kind: 'call', id, script, name, args, routes: this.#routes })
    })
  }

  route(host: string, port: number): void {
    this.#routes[host] = port
  }

  takeEscaped(): string[] {
    return this.#escaped.splice(0)
  }

  #settle(done: Done): void {
    this.#escaped.push(...done.escaped)
    this.#calls.get(done.id)?.settle(done)
  }

  async #help({ id, call, what, args }: Ask): Promise<void> {
    try {
      const value = await this.#calls.get(call)?.hands[what]?.(...args)
      this.#child.send({ kind: 'answer', id, value })
    } catch (error) {
      this.#child.send({ kind: 'answer', id, error: String(error) })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve))
      this.#child.disconnect()
      await ended
    }
    if (this.#escaped.length > 0) throw new Error(`called outside: ${this.#escaped.join(', ')}`)
  }
}

/** Starts the process. Its environment is this one and no more, but for the path. */
export function startSdk(caFile: string, env: Readonly<Record<string, string>> = {}): Sdk {
  const child = fork(HOST, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NODE_EXTRA_CA_CERTS: caFile, ...env },
  })
  return new SdkProcess(child)
}
