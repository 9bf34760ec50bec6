/** Starts the object that a test holds. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { StartedIdp } from './api.ts'
import type { ConfigInput } from './config/input.ts'
import { parseConfig } from './config/parse.ts'
import type { ResolvedConfig } from './config/resolve.ts'
import { validateInput } from './config/validate.ts'
import { createIdp } from './library/create_idp.ts'
import { here } from './library/here.ts'
import { createLife, inProcess } from './library/in_process.ts'
import { nearMint } from './library/near_mint.ts'
import { names } from './names.ts'
import { type ProviderOptions, type Running, startProvider } from './provider.ts'
import type { CaFile } from './tls/ca_file.ts'

/** What all providers of a process have in common. */
interface Shared
  extends Required<Pick<ProviderOptions, 'keys' | 'authority'>>,
    Pick<ProviderOptions, 'base'> {
  readonly env: Readonly<Record<string, string | undefined>>
}

export async function startWith(
  options: ConfigInput & { readonly configFile?: string },
  { env, ...shared }: Shared,
): Promise<StartedIdp> {
  const config = await configOf(options, env)
  const running = await startProvider(config, shared)
  const file = await caFileOf(running)
  const life = createLife(running.url, async () => {
    await running.stop()
    await file?.remove()
  })
  const near = nearMint(running)
  return createIdp({
    transport: inProcess(running.control, life.assertRuns),
    known: here(running, file?.path),
    async mint(request) {
      life.assertRuns()
      return await near(request)
    },
    stop: life.end,
  })
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
