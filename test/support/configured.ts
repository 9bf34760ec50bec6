/** A configuration that a program wrote: resolved, or what is wrong with it. */
import names from '../../fixtures/config/names.json' with { type: 'json' }
import type { ConfigInput } from '../../src/config/input.ts'
import { ConfigError } from '../../src/config/problem.ts'
import type { ClientConfig, ResolvedConfig, TenantConfig, UserConfig } from '../../src/config/resolve.ts'
import { validateInput } from '../../src/config/validate.ts'

type Files = Readonly<Record<string, string>>

/** @throws ConfigError */
export async function configured(input: ConfigInput, files: Files = {}): Promise<ResolvedConfig> {
  const readFile = (path: string): string => {
    const content = files[path]
    if (content === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
    return content
  }
  return await validateInput(input, { names, directory: '/etc/idp', readFile })
}

export async function tenantOf(input: ConfigInput, files: Files = {}): Promise<TenantConfig> {
  return (await configured(input, files)).tenants[0] as TenantConfig
}

export type ClientInput = NonNullable<ConfigInput['clients']>[number]
export type UserInput = NonNullable<ConfigInput['users']>[number]

/** One client of this configuration. */
export async function clientOf(client: Partial<ClientInput>, more: ConfigInput = {}): Promise<ClientConfig> {
  const { clients } = await tenantOf({ ...more, clients: [{ client_id: 'web', ...client }] })
  return clients[0] as ClientConfig
}

export async function userOf(user: UserInput): Promise<UserConfig> {
  return (await tenantOf({ users: [user] })).users[0] as UserConfig
}

/** Every problem, as `path: message`; empty for a configuration that can be used. */
export async function problemsIn(input: ConfigInput): Promise<string[]> {
  const outcome = await configured(input).catch((error: unknown) => error)
  if (outcome instanceof ConfigError)
    return outcome.problems.map(({ path, message }) => `${path}: ${message}`)
  if (outcome instanceof Error) throw outcome
  return []
}
