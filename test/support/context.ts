/** A tenant without a listener, for what shows itself before the wire does. */
import type { ConfigInput } from '../../src/config/input.ts'
import type { ClientConfig, Context } from '../../src/context.ts'
import { contextAt } from '../../src/provider.ts'
import type { Parts } from '../../src/tenant.ts'
import { resolved } from './logged.ts'
import { makeTenant } from './serve.ts'

export const ISSUER = 'https://idp.example.test'

/** The context of the first tenant, and its first client. */
export async function contextOf(
  input: ConfigInput,
  parts: Partial<Parts> = {},
): Promise<{ readonly cx: Context; readonly client: ClientConfig }> {
  const [tenant] = (await resolved(input)).tenants
  const [client] = tenant?.clients ?? []
  if (tenant === undefined || client === undefined) throw new Error('a tenant with a client is needed')
  return { cx: contextAt(ISSUER, makeTenant(tenant, parts)), client }
}
