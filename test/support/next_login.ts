/** Tests that say how the next login goes. */
import type { NextLogin } from '../../src/api.ts'
import { ask } from './control_calls.ts'
import type { Answer } from './http.ts'

type At = { readonly url: string }

/** Says how the next login goes. @throws Error when that is refused */
export async function nextLogin({ url }: At, login: NextLogin, tenant?: string): Promise<void> {
  const { status, text } = await putNextLogin({ url }, login, tenant)
  if (status !== 204) throw new Error(`${status}: ${text}`)
}

export function putNextLogin({ url }: At, login: unknown, tenant?: string): Promise<Answer> {
  return ask('PUT', `${url}/_mock/next-login${tenantQuery(tenant)}`, login)
}

/** What waits. */
export async function waiting({ url }: At, tenant?: string): Promise<unknown> {
  return (await ask('GET', `${url}/_mock/next-login${tenantQuery(tenant)}`)).body['items']
}

function tenantQuery(tenant: string | undefined): string {
  return tenant === undefined ? '' : `?tenant=${tenant}`
}

/** What the record has of the last request. */
export async function lastRequest({ url }: At, endpoint: string): Promise<Record<string, unknown>> {
  const { body } = await ask('GET', `${url}/_mock/requests?endpoint=${endpoint}`)
  return (body['items'] as Record<string, unknown>[]).at(-1) ?? {}
}
