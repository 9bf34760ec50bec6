/** Takes a request as far as it goes: to the answer, or to the page where a person has to do something. */
import type { Account, ClientConfig, Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { relativePath } from '../protocol/relative.ts'
import { seeOther } from '../response_modes/response_mode.ts'
import { addInteraction } from '../sessions/interaction.ts'
import { renewSession, type Session, startSession } from '../sessions/session.ts'
import { accountOf, isSameAccount } from '../users/home.ts'
import { provedBy } from '../users/status.ts'
import { hintedName, userOf } from '../users/user.ts'
import { clientOf, type Missing, meantUser, missing, type Progress } from './decide.ts'
import { allowDevice } from './device.ts'
import { issue } from './issue.ts'
import { isOfDevice, type SignInRequest } from './request.ts'

/** What waits in the store while a page is open. */
export interface Waiting extends Progress {
  readonly kind: 'login' | 'consent'
  /** The session at that moment: the browser may keep no cookies. */
  readonly sid?: string | undefined
}

/** @throws OAuthError for the client to hear */
export async function settle(
  progress: Progress,
  session: Session | undefined,
  cx: Context,
): Promise<EndpointResponse> {
  const { request } = progress
  const client = await clientOf(request, cx)
  const next = await missing(progress, { session, client }, cx)
  if (next === undefined) {
    const present = { session: session as Session, client }
    return isOfDevice(request) ? allowDevice(request, present, cx) : issue(request, present, cx)
  }
  if (request.prompt.includes('none')) throw next.refusal ?? silent(next)
  if (next.what === 'login' && cx.tenant.config.login.mode === 'auto')
    return loginWithoutPage(progress, { session, client }, cx)
  return show(next.what, { ...progress, sid: session?.sid }, cx)
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
  const { username, home } =
    meant === undefined && session !== undefined ? session.login : accountOf(meant ?? first, cx)
  return loggedIn({ ...progress, session }, { username, home }, cx)
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
  const { request } = progress
  const isAsked = cx.tenant.dialect.stepUp === 'at login' || request.claims.challenged === true
  const amr = provedBy(who, userOf({ username: who.username, home: who.home }, cx), isAsked)
  const login = { ...who, amr, acr: acrOf(request, cx), auth_time: authTime(session, cx) }
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

/** The first of the wanted classes that logins here have, else the usual one. */
function acrOf({ acr_values }: SignInRequest, { tenant }: Context): string | undefined {
  const known = tenant.config.login.acr_values
  return acr_values.find((value) => known.includes(value)) ?? known[0]
}
