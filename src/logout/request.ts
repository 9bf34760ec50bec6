import { type ClientConfig, type Context, findClient } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { Session } from '../sessions/session.ts'
import { homeIssuing } from '../tokens/own_jwt.ts'
import { subjectOf } from '../users/subject.ts'
import { appended } from './appended.ts'
import { type Hint, readHint } from './hint.ts'
import type { Logout } from './logout.ts'
import { assertPostLogoutRedirectUri } from './post_logout_redirect_uri.ts'

/** What a request says of itself. */
interface Asked {
  readonly hint?: Hint | undefined
  readonly client?: ClientConfig | undefined
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
 * token shows that who asks knows the session, or the dialect has nobody asked. A wrong request ends nothing by itself
 * where somebody is asked, and leads nowhere.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export async function logoutRequest(
  params: Params,
  sessions: readonly Session[],
  cx: Context,
): Promise<{ readonly logout: Logout; readonly asks: boolean }> {
  const isAsked = cx.tenant.dialect.logout === 'confirmed'
  const who = await orRefusal(() => whoAsks(params, cx))
  const asked: Asked = who instanceof OAuthError ? {} : who
  const next =
    who instanceof OAuthError && isAsked ? undefined : await orRefusal(() => nextOf(params, asked, cx))
  const session = sessions.find((each) => isNamed(asked, each, cx)) ?? sessions[0]
  const refusal = [who, next].find((each) => each instanceof OAuthError)
  const problem = refusal && problemOf(refusal, cx)
  const sids = [session?.sid, textIn(asked.hint, 'sid')].filter((sid) => sid !== undefined)
  return {
    logout: {
      kind: 'logout',
      sids,
      client_id: asked.client?.client_id,
      iss: textIn(asked.hint, 'iss'),
      next: next instanceof OAuthError ? undefined : next,
      problem,
    },
    asks: isAsked && (problem !== undefined || !isProved(asked, session, cx)),
  }
}

async function orRefusal<T>(work: () => T | Promise<T>): Promise<T | OAuthError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OAuthError) return error
    throw error
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

/** Of several users in one browser, each of a tenant of their own, the hint means one. */
function isNamed({ hint, client }: Asked, { sid, login }: Session, cx: Context): boolean {
  if (hint === undefined || client === undefined) return false
  const { claims } = hint
  const isOfIssuer = login.home === (homeIssuing(claims['iss'], cx)?.name ?? login.home)
  return claims['sid'] === sid || (isOfIssuer && claims['sub'] === subjectOf(login, client, cx))
}

/** SHOULD ask where the hint is about somebody else than who is signed in, §2. */
function isProved({ hint, client }: Asked, session: Session | undefined, cx: Context): boolean {
  if (hint === undefined) return false
  if (session === undefined || hint.claims['sid'] === session.sid) return true
  return client !== undefined && hint.claims['sub'] === subjectOf(session.login, client, cx)
}

function textIn(hint: Hint | undefined, name: 'sid' | 'iss'): string | undefined {
  const value = hint?.claims[name]
  return typeof value === 'string' ? value : undefined
}
