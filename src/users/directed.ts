/** Logins that go as a test said: next-login. */
import type { Account, Context, WaitingLogin } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { accountOf } from './home.ts'
import { unproved } from './status.ts'

/** What was said, with the account that it means. It is JSON: it waits in the store while a page is open. */
export interface Directed extends WaitingLogin {
  readonly account?: Account
}

type Fits = Parameters<Context['tenant']['nextLogins']['take']>[1]

/** Who is asked for what waits; where users of several tenants sign in, each of these. */
function tenantsOf({ tenant }: Context): readonly Context['tenant'][] {
  return tenant.homes === undefined ? [tenant] : [...tenant.homes.values()]
}

/** Whether something was said about the next login of a client. */
export function isDirected(client_id: string, cx: Context): boolean {
  return tenantsOf(cx).some(({ nextLogins }) => nextLogins.find(client_id) !== undefined)
}

/** Whether anything was said about a login at all. */
export function isAnyDirected(cx: Context): boolean {
  return tenantsOf(cx).some(({ nextLogins }) => nextLogins.list.length > 0)
}

/**
 * What was said about the login of a client that begins now, and is used up by it. For one synchronous step: whoever
 * awaits something before it could come out of turn.
 */
export function takeDirected(client_id: string, cx: Context, fits?: Fits): Directed | undefined {
  for (const tenant of tenantsOf(cx)) {
    const login = tenant.nextLogins.take(client_id, fits)
    if (login === undefined) continue
    cx.exchange.directed = login.told
    const { user } = login
    return user === undefined ? login : { ...login, account: accountOf(user, { ...cx, tenant }) }
  }
  return undefined
}

/**
 * What the client gets instead of a login: the code and the text as the test wrote them.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1
 */
export function directedError({ error, error_description, told }: Directed): OAuthError | undefined {
  if (error === undefined) return undefined
  return new OAuthError('login.directed', error_description ?? `a test said so: ${told}`, { error })
}

/** Where no page can ask for the second factor that a test wants; each dialect has its own words for it. */
export function secondFactorMissing(username: string): OAuthError {
  return unproved({ username, status: 'mfa_required' }, {}) as OAuthError
}
