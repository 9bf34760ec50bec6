import * as v from 'valibot'
import { HTTPS_PORT, port } from './port.ts'
import { ConfigError, type Problem } from './problem.ts'
import type { ResolvedConfig, ServerConfig } from './resolve.ts'
import { httpUrl, listenHost } from './scalars.ts'
import type { Env } from './substitute.ts'

/** Flags of the command line that concern the configuration. */
export interface Flags {
  readonly config?: string
  readonly port?: string | number
  readonly host?: string
  readonly issuer?: string
  /** Serves https, by what is configured for it or by the defaults. `maybe` is for those who do not serve: others may. */
  readonly tls?: boolean | 'maybe'
}

/** What flags and environment change in a configuration. */
export interface Override {
  /** The port of http, for the checks that come before. */
  readonly port: number | undefined
  apply(config: ResolvedConfig): ResolvedConfig
}

/**
 * Reads IDP_DOUBLE_PORT, IDP_DOUBLE_HOST and IDP_DOUBLE_ISSUER and above them the flags. The result changes any
 * configuration, also the demo.
 * @throws {ConfigError} that names the variable or flag
 */
export async function overridesFrom({
  flags,
  env,
}: {
  readonly flags: Flags
  readonly env: Env
}): Promise<Override> {
  const { port: toPort, host: toHost, issuer: toIssuer } = given(flags, env)
  return {
    port: toPort,
    apply: (config) => ({
      ...config,
      server: withTls(flags, {
        ...config.server,
        ...(toPort !== undefined && portsOf(config, toPort)),
        ...(toHost && { host: toHost }),
      }),
      issuer: { ...config.issuer, ...(toIssuer && { url: toIssuer }) },
    }),
  }
}

function given(flags: Flags, env: Env) {
  const problems: Problem[] = []
  const read = <T>(name: 'port' | 'host' | 'issuer', schema: v.GenericSchema<string, T>): T | undefined => {
    const candidates = [
      [`--${name}`, flags[name]],
      [`IDP_DOUBLE_${name.toUpperCase()}`, env[`IDP_DOUBLE_${name.toUpperCase()}`] || undefined],
    ] as const
    const [origin, value] = candidates.find(([, each]) => each !== undefined) ?? []
    if (origin === undefined || value === undefined) return undefined
    const result = v.safeParse(schema, String(value))
    if (result.success) return result.output
    problems.push(problemOf(origin, String(value), result.issues[0]))
    return undefined
  }
  const numeric = v.pipe(
    v.string(),
    v.regex(/^\d{1,5}$/, 'a port from 0 to 65535'),
    v.transform(Number),
    port(),
  )
  const found = {
    port: read('port', numeric),
    host: read('host', listenHost()),
    issuer: read('issuer', httpUrl()),
  }
  if (problems.length === 0) return found
  throw new ConfigError(problems.map(({ file, message }) => `${file}: ${message}`).join('\n'), { problems })
}

function withTls({ tls }: Flags, server: ServerConfig): ServerConfig {
  if (tls !== true || server.tls !== undefined) return server
  const port = server.port === 0 ? 0 : HTTPS_PORT
  return { ...server, tls: { port, certificate: 'auto', names: [], client_ca: null } }
}

/** Who takes any port for http takes any for https. */
function portsOf({ server: { tls } }: ResolvedConfig, port: number): Partial<ResolvedConfig['server']> {
  return port === 0 && tls !== undefined ? { port, tls: { ...tls, port } } : { port }
}

function problemOf(file: string, value: string, { message: expected }: v.BaseIssue<unknown>): Problem {
  const got = `string ${JSON.stringify(value.slice(0, 60))}`
  return { file, path: '', message: `expected ${expected}, got ${got}`, got, expected }
}
