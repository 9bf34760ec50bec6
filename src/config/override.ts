import * as v from 'valibot'
import { ConfigError, type Problem } from './problem.ts'
import type { ResolvedConfig } from './resolve.ts'
import { httpUrl, listenHost } from './scalars.ts'
import { port } from './server.ts'
import type { Env } from './substitute.ts'

/** Flags of the command line that concern the configuration. */
export interface Flags {
  readonly config?: string
  readonly port?: string | number
  readonly host?: string
  readonly issuer?: string
}

/** What flags and environment change in a configuration. */
export type Override = (config: ResolvedConfig) => ResolvedConfig

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
  const problems: Problem[] = []
  const read = <T>(name: 'port' | 'host' | 'issuer', schema: v.GenericSchema<string, T>): T | undefined => {
    const given = [
      [`--${name}`, flags[name]],
      [`IDP_DOUBLE_${name.toUpperCase()}`, env[`IDP_DOUBLE_${name.toUpperCase()}`] || undefined],
    ] as const
    const [origin, value] = given.find(([, each]) => each !== undefined) ?? []
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
  const [toPort, toHost, toIssuer] = [
    read('port', numeric),
    read('host', listenHost()),
    read('issuer', httpUrl()),
  ]
  if (problems.length > 0)
    throw new ConfigError(problems.map(({ file, message }) => `${file}: ${message}`).join('\n'), { problems })
  return (config) => ({
    ...config,
    server: {
      ...config.server,
      ...(toPort !== undefined && { port: toPort }),
      ...(toHost && { host: toHost }),
    },
    issuer: { ...config.issuer, ...(toIssuer && { url: toIssuer }) },
  })
}

function problemOf(file: string, value: string, { message: expected }: v.BaseIssue<unknown>): Problem {
  const got = `string ${JSON.stringify(value.slice(0, 60))}`
  return { file, path: '', message: `expected ${expected}, got ${got}`, got, expected }
}
