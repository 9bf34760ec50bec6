/** Takes a request as far as it goes: to the answer, or to the page where a person has to do something. */
import type { Account, ClientConfig, Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { relativePath } from '../protocol/relative.ts'
import { seeOther } from '../response_modes/response_mode.ts'
import { addInteraction } from '../sessions/interaction.ts'
import { renewSession, type Session, startSession } from '../sessions/session.ts'
import { type Directed, secondFactorMissing } from '../users/directed.ts'
import { accountOf, isSameAccount } from '../users/home.ts'
import { hintedName } from '../users/user.ts'
import { clientOf, type Missing, meantUser, missing, type Progress } from './decide.ts'
import { allowDevice, answering } from './device.ts'
import { issue } from './issue.ts'
import { proofOf } from './proof.ts'
import { isOfDevice } from './request.ts'

/** What waits in the store while a page is open. */
export interface Waiting extends Progress {
  readonly kind: 'login' | 'consent'
  /** Who has shown one factor: the page asks for the second. */
  readonly who?: Identified | undefined
  /** The session at that moment: the browser may keep no cookies. */
  readonly sid?: string | undefined
}

/** @throws OAuthError for the client to hear */
export async function settle(
  progress: Progress,
  session: Session | undefined,
  cx: Context,
): Promise<EndpointResponse> {
  const { request, directed } = progress
  const client = await clientOf(request, cx)
  const stepped = steppedUp(progress, session, cx)
  const next = await missing(progress, { session: stepped ?? session, client }, cx)
  if (next?.what !== 'login') {
    if (stepped !== undefined) return loggedIn({ ...progress, session }, stepped.login, cx)
    if (directed?.deny === 'consent') return denied(request, directed, cx)
  }
  if (next === undefined) {
    const present = { session: session as Session, client }
    return isOfDevice(request) ? allowDevice(request, present, cx) : issue(request, present, cx)
  }
  if (request.prompt.includes('none')) throw next.refusal ?? silent(next)
  if (next.what === 'login' && cx.tenant.config.login.mode === 'auto')
    return loginWithoutPage(progress, { session, client }, cx)
  return show(next.what, { ...progress, sid: session?.sid }, cx)
}

/** The session as it will be where a test said that its user shows a second factor: that is a login too. */
function steppedUp(progress: Progress, session: Session | undefined, cx: Context): Session | undefined {
  if (progress.directed?.mfa === undefined || progress.loggedIn || session === undefined) return undefined
  const { sid: _, ...login } = session.login
  return { ...session, login: { ...login, ...proofOf(login, progress, cx) } }
}

/** An answer and no exception: the login was made before, and its session stays. */
function denied(request: Progress['request'], { told }: Directed, cx: Context): Promise<EndpointResponse> {
  const refusal = new OAuthError('consent.denied', `a test said so: ${told}`)
  return answering(request, cx, () => Promise.reject(refusal))
}

function silent({ what, why }: Missing): OAuthError {
  const reason = what === 'login' ? 'login.required' : 'consent.required'
  return new OAuthError(reason, `prompt is none, but ${why}`)
}

/** Sends the browser to a page of its own URL. The location is relative, so that it holds behind any proxy. */
async function show(
  kind: 'login' | 'consent',
  progress: Omit<Waiting, 'kind'>,
  cx: Context,
): Promise<EndpointResponse> {
  const waiting: Waiting = { ...progress, kind }
  const id = await addInteraction(waiting, cx)
  const { endpoints } = cx.face
  return seeOther(`${relativePath(endpoints[cx.endpoint] ?? '', endpoints[kind] ?? '')}?interaction=${id}`)
}

/** In auto mode whom the request means signs in, else who was signed in, else the first user that is declared. */
async function loginWithoutPage(
  progress: Progress,
  { session, client }: { readonly session: Session | undefined; readonly client: ClientConfig },
  cx: Context,
): Promise<EndpointResponse> {
  const { request } = progress
  const meant = meantUser(request, client, cx) ?? hintedName(request.login_hint, cx)
  const [first = 'user'] = cx.tenant.registry.users.keys()
  const { username, home, declared } =
    meant === undefined && session !== undefined ? session.login : accountOf(meant ?? first, cx)
  return loggedIn({ ...progress, session }, { username, home, declared }, cx)
}

/** Who a person said they are, and how they proved it. */
export interface Identified extends Account {
  readonly claims?: Parameters<typeof startSession>[0]['claims']
  readonly amr?: readonly string[] | undefined
}

/**
 * Goes on after a login: the same user keeps the session, another one gets a new one.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export async function loggedIn(
  { session, ...progress }: Progress & { readonly session: Session | undefined },
  who: Identified,
  cx: Context,
): Promise<EndpointResponse> {
  if (progress.directed?.mfa === 'required')
    return askSecondFactor({ ...progress, sid: session?.sid }, who, cx)
  const login = { ...who, ...proofOf(who, progress, cx), auth_time: authTime(session, cx) }
  if (session !== undefined && isSameAccount(session.login, who)) {
    const renewed = await renewSession(session, login, cx)
    return settle({ ...progress, loggedIn: true }, renewed, cx)
  }
  const { session: started, cookie } = await startSession(login, cx)
  const response = await settle({ ...progress, loggedIn: true }, started, cx)
  return { ...response, headers: { ...response.headers, 'set-cookie': cookie } }
}

/** Whole seconds, and later than the login before: a client tells the two apart by nothing else. */
function authTime(session: Session | undefined, { tenant }: Context): number {
  return Math.max(tenant.clock.seconds(), (session?.login.auth_time ?? 0) + 1)
}

/** @throws OAuthError user.mfa_required where no page may ask for it */
function askSecondFactor(
  progress: Omit<Waiting, 'kind'>,
  who: Identified,
  cx: Context,
): Promise<EndpointResponse> {
  if (progress.request.prompt.includes('none')) throw secondFactorMissing(who.username)
  return show('login', { ...progress, who }, cx)
}
