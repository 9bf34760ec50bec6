/** The provider of a test run: started for it, or one that runs already. */
import { type ConnectOptions, connectIdp, type Idp, type StartOptions, startIdp } from '../index.ts'

/** A provider that was started for the whole run, in a global set-up, or that runs in a container. */
export interface ConnectTo extends ConnectOptions {
  /** Its base URL; undefined, as of a variable that is not set, is a mistake. */
  readonly url: string | undefined
}

/** What to start, as for `startIdp`; or `url` of what to connect to. */
export type ProviderOptions = StartOptions | ConnectTo

export async function provider(options: ProviderOptions): Promise<Idp> {
  if (!('url' in options)) return await startIdp(options)
  const { url, ...more } = options
  if (url === undefined)
    throw new TypeError(
      'url is undefined: set it to the base URL of the provider, or leave it out to start one',
    )
  const [strange] = Object.keys(more).filter((key) => !CONNECTING.includes(key))
  if (strange === undefined) return await connectIdp(url, more)
  throw new TypeError(
    `${strange} came with url, but the provider there has its configuration already; give it to the sandboxes`,
  )
}

const CONNECTING: readonly string[] = [
  'token',
  'caFile',
  'timeout',
  'fetch',
] satisfies (keyof ConnectOptions)[]

/** Lends one for a while. */
export async function lend<Thing extends Pick<Idp, 'stop'>>(
  thing: Thing,
  use: (thing: Thing) => Promise<unknown>,
): Promise<void> {
  try {
    await use(thing)
  } finally {
    await thing.stop()
  }
}
