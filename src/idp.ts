/** Starts the object that a test holds. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { StartedIdp } from './api.ts'
import type { ConfigInput } from './config/input.ts'
import { parseConfig } from './config/parse.ts'
import type { ResolvedConfig } from './config/resolve.ts'
import { validateInput } from './config/validate.ts'
import { issuerOf, type Tenant } from './context.ts'
import type { KeySet } from './keys/keys.ts'
import { mint } from './mint.ts'
import { names } from './names.ts'
import { parseDuration } from './protocol/duration.ts'
import { oneOf } from './protocol/errors.ts'
import { startProvider } from './provider.ts'

export async function startWith(
  options: ConfigInput & { readonly configFile?: string },
  { keys, env }: { keys: KeySet; env: Readonly<Record<string, string | undefined>> },
): Promise<StartedIdp> {
  const config = await configOf(options, env)
  const running = await startProvider(config, { keys })
  const tenantOf = (name: string | undefined): Tenant => {
    const found =
      name === undefined ? running.tenants[0] : running.tenants.find((tenant) => tenant.name === name)
    if (found !== undefined) return found
    throw new TypeError(
      `there is no tenant ${name}; configured: ${oneOf(running.tenants.map((tenant) => tenant.name))}`,
    )
  }
  const issuer = (tenant?: string) => issuerOf(running.context(tenantOf(tenant)))
  const stop = () => running.stop()
  return {
    issuer: running.tenants.length === 0 ? running.url : issuer(),
    url: running.url,
    issuerOf: issuer,
    async token({ tenant, lifetime, ...request }) {
      const seconds = lifetime === undefined ? undefined : parseDuration(lifetime)
      return (await mint({ ...request, lifetime: seconds }, running.context(tenantOf(tenant)))).text
    },
    clock: { advance: async (by) => running.clock.advance(parseDuration(by)) },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function configOf(
  { configFile, ...input }: ConfigInput & { readonly configFile?: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<ResolvedConfig> {
  const options = { names, env, readFile: (path: string) => readFileSync(path, 'utf8') }
  if (configFile !== undefined) {
    const text = readFileSync(configFile, 'utf8')
    return anyPort(
      await parseConfig(text, { ...options, file: configFile, directory: dirname(resolve(configFile)) }),
      true,
    )
  }
  return anyPort(await validateInput(input, { ...options, directory: '.' }), input.server?.port === undefined)
}

/** A library takes a free port unless it is told one; a configuration file is written for the command. */
function anyPort(config: ResolvedConfig, free: boolean): ResolvedConfig {
  return free ? { ...config, server: { ...config.server, port: 0 } } : config
}
