/** The object that a test holds, by each way in which it reaches its provider. */
import { connectIdp, type Idp, type StartOptions, startIdp } from '../../src/index.ts'

export const TRANSPORTS: readonly (readonly [
  name: string,
  start: (options: StartOptions) => Promise<Idp>,
])[] = [
  ['in process', (options) => startIdp({ ...options, control: { enabled: false } })],
  ['over HTTP', connected],
]

/** One that another object drives; the stop stops both. */
async function connected(options: StartOptions): Promise<Idp> {
  const started = await startIdp(options)
  const idp = await connectIdp(started.url)
  const stop = async () => {
    await idp.stop()
    await started.stop()
  }
  return { ...idp, stop, [Symbol.asyncDispose]: stop }
}
