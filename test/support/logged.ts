import type { ConfigInput } from '../../src/config/input.ts'
import { validateInput } from '../../src/config/validate.ts'
import { issuerOf, type Note } from '../../src/context.ts'
import { names } from '../../src/names.ts'
import { startProvider } from '../../src/provider.ts'

type Entry = Parameters<NonNullable<NonNullable<Parameters<typeof startProvider>[1]>['log']>>[0]

/** A configuration as the provider takes it. */
export async function resolved(input: ConfigInput) {
  const options = { names, directory: '.', readFile: () => '' }
  return await validateInput({ ...input, server: { port: 0, ...input.server } }, options)
}

/** A provider that tells what it logged. */
export async function startLogged(input: ConfigInput) {
  const entries: Entry[] = []
  const running = await startProvider(await resolved(input), { log: (entry) => entries.push(entry) })
  const [tenant] = running.tenants
  return {
    issuer: tenant === undefined ? running.url : issuerOf(running.context(tenant)),
    entries,
    /** What it let pass in the last request. */
    notes: (): readonly Note[] => entries.at(-1)?.exchange.notes ?? [],
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
