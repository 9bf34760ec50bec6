import type { RequestListener } from 'node:http'
import type { Secure } from './secure_server.ts'
import { bind, type Made, plainServer, stop } from './server.ts'

/** The ports that are listened on. */
export interface Ports {
  readonly http?: number | undefined
  readonly https?: number | undefined
}

export interface Place {
  readonly host: string
  /** That of http; null serves none. */
  readonly port: number | null
  readonly secure?: (Secure & { readonly port: number }) | undefined
}

export interface Listening {
  readonly ports: Ports
  /** Stops listening at once, lets what is in flight finish for so long, then cuts it off. */
  close(graceMs: number): Promise<void>
}

/** Why a port cannot be listened on, and which. */
export interface ListenError extends NodeJS.ErrnoException {
  readonly scheme: keyof Ports
}

/**
 * Listens on the host at each port, and makes the listener once all are known; on a loopback name or 127.0.0.1 also on ::1 at the same ports, for `localhost` may be either.
 */
export async function listen(
  listenerAt: (ports: Ports) => RequestListener,
  { host, port, secure }: Place,
): Promise<Listening> {
  const started: Made[] = []
  const close = async (graceMs: number) =>
    void (await Promise.all(started.map((each) => stop(each, graceMs))))
  const { listener, open } = gate()
  const both = async (make: () => Made, scheme: keyof Ports, wanted: number) => {
    try {
      return await bindBoth(make, { host, port: wanted, listener, started })
    } catch (error) {
      await close(0)
      throw Object.assign(error as Error, { scheme })
    }
  }
  const http = port === null ? undefined : await both(plainServer, 'http', port)
  const https = secure && (await both(await secureMaker(secure), 'https', secure.port))
  const ports = { http, https }
  open(listenerAt(ports))
  return { ports, close }
}

async function secureMaker(secure: Secure): Promise<() => Made> {
  const { secureServer } = await import('./secure_server.ts')
  return () => secureServer(secure)
}

interface Binding {
  readonly host: string
  readonly port: number
  readonly listener: RequestListener
  /** Where each server goes that listens. */
  readonly started: Made[]
}

async function bindBoth(make: () => Made, { host, port, listener, started }: Binding): Promise<number> {
  const loopback = host === '127.0.0.1' || host === 'localhost'
  const first = make()
  const actual = await bind(first, listener, { host: loopback ? '127.0.0.1' : host, port })
  started.push(first)
  if (!loopback) return actual
  const second = make()
  const isBound = await bind(second, listener, { host: '::1', port: actual }).then(
    () => true,
    () => false,
  )
  if (isBound) started.push(second)
  return actual
}

/** Lets requests wait that come while other ports are still to be opened. */
function gate(): { readonly listener: RequestListener; open(to: RequestListener): void } {
  const waiting: Parameters<RequestListener>[] = []
  let target: RequestListener = (...arrival) => void waiting.push(arrival)
  return {
    listener: (request, response) => target(request, response),
    open(to) {
      target = to
      for (const arrival of waiting) to(...arrival)
    },
  }
}
