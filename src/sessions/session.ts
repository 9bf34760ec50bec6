import type { Context } from '../context.ts'
import type { Request } from '../protocol/messages.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import { homeOf, isRemoved } from '../users/home.ts'
import type { Login } from '../users/login.ts'
import { readCookies, setCookie } from './cookie.ts'

/** A person's login at this provider, shared by all clients in one browser. */
export interface Session {
  /** The `sid` claim: clients know it, so it opens nothing. */
  readonly sid: string
  readonly login: Login
  /** The clients that were given something in it: they are told when it ends. */
  readonly clients: readonly string[]
}

interface Stored extends Session {
  readonly secret: string
}

const DEFAULT_LIFETIME = 8 * 3600

export function sessionLifetime({ tenant }: Context): number {
  return tenant.config.lifetimes.session ?? DEFAULT_LIFETIME
}

/** The live session of the browser that asks; of several the newest. */
export async function sessionOf(request: Request, cx: Context): Promise<Session | undefined> {
  return (await sessionsOf(request, cx))[0]
}

/** Where users of several tenants sign in, a browser can have a session of each; the newest comes first. */
export async function sessionsOf(request: Request, cx: Context): Promise<readonly Session[]> {
  const found = await Promise.all(readCookies(request, cx).map((cookie) => sessionBy(cookie, cx)))
  const live = found.filter((session) => session !== undefined)
  return live.toSorted((one, other) => other.login.auth_time - one.login.auth_time)
}

async function sessionBy(cookie: string, cx: Context): Promise<Session | undefined> {
  const [sid, secret] = cookie.split('.', 2)
  if (!sid || secret === undefined) return undefined
  const stored = (await cx.tenant.store.get('session', sid)) as Stored | undefined
  if (stored === undefined || !isSameSecret(stored.secret, secret)) return undefined
  return isRemoved(stored.login, cx) ? undefined : stored
}

/** The session that an ID token names, whatever browser asks. */
export async function sessionById(sid: string, cx: Context): Promise<Session | undefined> {
  return (await cx.tenant.store.get('session', sid)) as Stored | undefined
}

/** Begins a session; `cookie` is the Set-Cookie header that makes it the browser's, at the user's own tenant. */
export async function startSession(
  login: Omit<Login, 'sid'>,
  here: Context,
): Promise<{ readonly session: Session; readonly cookie: string }> {
  const cx = homeOf(login, here)
  const { random, clock, store } = cx.tenant
  const sid = random.token(32)
  const secret = random.token(43)
  const lifetime = sessionLifetime(cx)
  const stored: Stored = { sid, login: { ...login, sid }, clients: [], secret }
  await store.add('session', sid, stored, clock.seconds() + lifetime)
  return { session: stored, cookie: setCookie(`${sid}.${secret}`, lifetime, cx) }
}

/** The same session after the person proved again who they are: `sid` and clients stay. */
export async function renewSession(
  session: Session,
  login: Omit<Login, 'sid'>,
  cx: Context,
): Promise<Session> {
  const { sid } = session
  const renewed = await cx.tenant.store.update<Stored>('session', sid, (stored) => ({
    ...stored,
    login: { ...login, sid },
  }))
  return renewed ?? { ...session, login: { ...login, sid } }
}

/** Remembers that a client was given something in the session. */
export async function joinSession(sid: string, client_id: string, cx: Context): Promise<void> {
  await cx.tenant.store.update<Stored>('session', sid, (stored) =>
    stored.clients.includes(client_id) ? stored : { ...stored, clients: [...stored.clients, client_id] },
  )
}

/** Ends a session at once: its cookie is worth nothing, and refresh tokens that were bound to it neither. */
export async function endSession(sid: string, cx: Context): Promise<Session | undefined> {
  const { store } = cx.tenant
  // First, so that no refresh slips through; also of one that ran out by itself, for what was bound to it lives on.
  await store.add('ended_session', sid, true, FOR_GOOD)
  return (await store.take('session', sid)) as Stored | undefined
}

/** Longer than any refresh token lives that could ask. */
const FOR_GOOD = Number.POSITIVE_INFINITY

/** The Set-Cookie header that makes a browser forget. */
export function forgetCookie(cx: Context): string {
  return setCookie('', 0, cx)
}
