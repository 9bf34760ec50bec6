/** Takes a request on from where it passed every check: as a test said that it goes, or as the person has it. */
import type { Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import type { Session } from '../sessions/session.ts'
import { type Directed, directedError } from '../users/directed.ts'
import type { Progress } from './decide.ts'
import { loggedIn, settle } from './settle.ts'

/** How a person would have shown who they are. @see https://www.rfc-editor.org/rfc/rfc8176.html#section-2 */
const USUAL_AMR = { form: ['pwd'], picker: ['user'], auto: undefined } as const

/**
 * Goes on to the answer or to a page. A user whom a test named signs in at once, whoever has a session there and even
 * where no page may be shown.
 * @throws OAuthError for the client to hear
 */
export async function proceed(
  { request, directed }: Pick<Progress, 'request'> & { readonly directed: Directed | undefined },
  session: Session | undefined,
  cx: Context,
): Promise<EndpointResponse> {
  const progress = { request, directed, loggedIn: false, consented: false }
  if (directed === undefined) return settle(progress, session, cx)
  const refusal = refusalOf(directed, cx)
  if (refusal !== undefined) throw refusal
  const { account } = directed
  if (account === undefined) return settle(progress, session, cx)
  return loggedIn({ ...progress, session }, { ...account, amr: USUAL_AMR[cx.tenant.config.login.mode] }, cx)
}

function refusalOf(directed: Directed, { tenant }: Context): OAuthError | undefined {
  const { deny, account, told } = directed
  if (deny === 'login') return new OAuthError('login.denied', `a test said so: ${told}`)
  const { users } = tenant.registry
  if (account === undefined || users.size === 0 || users.has(account.username)) return directedError(directed)
  return new OAuthError(
    'user.unknown',
    `a test said so: ${told}; and user ${account.username} is not declared in tenant ${tenant.name} any more`,
  )
}
