import { type ClientConfig, type Context, findClient } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { Session } from '../sessions/session.ts'
import { subjectFor } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import { appended } from './appended.ts'
import { type Hint, readHint } from './hint.ts'
import type { Logout } from './logout.ts'
import { assertPostLogoutRedirectUri } from './post_logout_redirect_uri.ts'

/** What a request says of itself. */
interface Asked {
  readonly hint?: Hint | undefined
  readonly client?: ClientConfig | undefined
  readonly next?: string | undefined
}

/** One fixed phrase for each kind of mistake, for scripted browsers to tell them apart. */
const PHRASES: Readonly<Partial<Record<Reason, string>>> = {
  'logout.hint_invalid': 'The id_token_hint is not valid',
  'logout.client_mismatch': 'The id_token_hint is of another client',
  'logout.redirect_uri': 'The post-logout redirect URI is not registered',
  'client.unknown': 'The client is unknown',
}

/**
 * What to do about a logout request, and whether the person at the browser must agree first: they must unless an ID
 * token shows that who asks knows the session. A wrong request ends nothing by itself and leads nowhere.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export async function logoutRequest(
  params: Params,
  session: Session | undefined,
  cx: Context,
): Promise<{ readonly logout: Logout; readonly asks: boolean }> {
  let asked: Asked = {}
  let problem: Logout['problem']
  try {
    asked = await whoAsks(params, cx)
    asked = { ...asked, next: nextOf(params, asked, cx) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    problem = problemOf(error, cx)
  }
  const { hint, client, next } = asked
  const sids = [session?.sid, textIn(hint, 'sid')].filter((sid) => sid !== undefined)
  const iss = textIn(hint, 'iss')
  return {
    logout: { kind: 'logout', sids, client_id: client?.client_id, iss, next, problem },
    asks: problem !== undefined || !isProved(asked, session, cx),
  }
}

async function whoAsks(params: Params, cx: Context): Promise<Asked> {
  const client_id = first(params, 'client_id')
  const named = client_id === undefined ? undefined : await declared(client_id, cx)
  const text = first(params, 'id_token_hint')
  const hint = text === undefined ? undefined : await readHint(text, client_id, cx)
  const client = named ?? hint?.client
  if (client !== undefined) cx.exchange.client_id = client.client_id
  return { hint, client }
}

function nextOf(params: Params, { client }: Asked, cx: Context): string | undefined {
  const uri = first(params, 'post_logout_redirect_uri')
  const state = first(params, 'state')
  if (uri === undefined) return undefined
  assertPostLogoutRedirectUri(uri, client, cx)
  return appended(uri, state === undefined ? {} : { state })
}

function problemOf({ reason, error, message, description }: OAuthError, cx: Context): Logout['problem'] {
  cx.exchange.reason = reason
  cx.exchange.description = description
  return { reason, text: `${PHRASES[reason] ?? error}: ${message}.` }
}

async function declared(client_id: string, cx: Context): Promise<ClientConfig> {
  const client = await findClient(client_id, cx)
  if (client !== undefined) return client
  const known = oneOf(cx.tenant.registry.clients.keys())
  throw new OAuthError(
    'client.unknown',
    `client ${shown(client_id)} is not declared in tenant ${cx.tenant.name}; declared: ${known}`,
    { detail: { client_id } },
  )
}

/** SHOULD ask where the hint is about somebody else than who is signed in, §2. */
function isProved({ hint, client }: Asked, session: Session | undefined, cx: Context): boolean {
  if (hint === undefined) return false
  if (session === undefined || hint.claims['sid'] === session.sid) return true
  return client !== undefined && hint.claims['sub'] === subjectFor(userOf(session.login, cx), client, cx)
}

function textIn(hint: Hint | undefined, name: 'sid' | 'iss'): string | undefined {
  const value = hint?.claims[name]
  return typeof value === 'string' ? value : undefined
}
