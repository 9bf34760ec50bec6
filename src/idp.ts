/** Starts the object that a test holds. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { StartedIdp } from './api.ts'
import type { ConfigInput } from './config/input.ts'
import { parseConfig } from './config/parse.ts'
import type { ResolvedConfig } from './config/resolve.ts'
import { validateInput } from './config/validate.ts'
import { issuerOf, type Tenant } from './context.ts'
import { type EnvironmentOptions, environment } from './environment.ts'
import { mint } from './mint.ts'
import { names } from './names.ts'
import { parseDuration } from './protocol/duration.ts'
import { oneOf } from './protocol/errors.ts'
import { type ProviderOptions, type Running, startProvider } from './provider.ts'
import type { CaFile } from './tls/ca_file.ts'

/** What all providers of a process have in common. */
interface Shared extends Required<Pick<ProviderOptions, 'keys' | 'authority'>> {
  readonly env: Readonly<Record<string, string | undefined>>
}

export async function startWith(
  options: ConfigInput & { readonly configFile?: string },
  { env, ...shared }: Shared,
): Promise<StartedIdp> {
  const config = await configOf(options, env)
  const running = await startProvider(config, shared)
  const tenantOf = (name: string | undefined): Tenant => {
    const found =
      name === undefined ? running.tenants[0] : running.tenants.find((tenant) => tenant.name === name)
    if (found !== undefined) return found
    throw new TypeError(
      `there is no tenant ${name}; configured: ${oneOf(running.tenants.map((tenant) => tenant.name))}`,
    )
  }
  const issuer = (tenant?: string) => issuerOf(running.context(tenantOf(tenant)))
  const file = await caFileOf(running)
  const stop = async () => {
    await running.stop()
    await file?.remove()
  }
  return {
    issuer: running.tenants.length === 0 ? running.url : issuer(),
    url: running.url,
    httpsUrl: running.httpsUrl,
    caFile: file?.path,
    issuerOf: issuer,
    async token({ tenant, lifetime, ...request }) {
      const seconds = lifetime === undefined ? undefined : parseDuration(lifetime)
      return (await mint({ ...request, lifetime: seconds }, running.context(tenantOf(tenant)))).text
    },
    clientCertificate: (client) => certificateFor(client, running),
    env: (kind: 'azure' | 'tls', options: EnvironmentOptions = {}) =>
      environment(kind, options, { running, caFile: file?.path }),
    clock: { advance: async (by) => running.clock.advance(parseDuration(by)) },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** A provider whose CA nobody can be given does not stay. */
async function caFileOf({ authority, stop }: Running): Promise<CaFile | undefined> {
  if (authority === undefined) return undefined
  const { caFile } = await import('./tls/ca_file.ts')
  try {
    return await caFile(authority)
  } catch (error) {
    await stop(0)
    throw error
  }
}

/** A certificate for the first client of this name that some tenant declares. */
async function certificateFor(client_id: string, { tenants, authority }: Running) {
  if (authority === undefined)
    throw new TypeError('the provider has no CA of its own; set server.tls: {} or server.tls.client_ca: auto')
  const clients = tenants.flatMap(({ config }) => config.clients)
  const client = clients.find((each) => each.client_id === client_id)
  if (client === undefined) {
    const known = oneOf(clients.map((each) => each.client_id))
    throw new TypeError(`there is no client ${client_id}; declared: ${known}`)
  }
  const { clientCertificate } = await import('./tls/client_certificate.ts')
  return clientCertificate(client, authority)
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
      { http: true, https: true },
    )
  }
  const { server } = input
  return anyPort(await validateInput(input, { ...options, directory: '.' }), {
    http: server?.port === undefined,
    https: server?.tls?.port === undefined,
  })
}

/** A library takes free ports unless it is told others; a configuration file is written for the command. */
function anyPort(
  config: ResolvedConfig,
  free: { readonly http: boolean; readonly https: boolean },
): ResolvedConfig {
  const { server } = config
  const port = free.http && server.port !== null ? 0 : server.port
  const tls = server.tls && { ...server.tls, port: free.https ? 0 : server.tls.port }
  return { ...config, server: { ...server, port, tls } }
}
