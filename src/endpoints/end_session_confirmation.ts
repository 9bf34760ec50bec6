import { clientView, frameOf, userView } from '../authorization/shown.ts'
import { type Context, findClient, issuerOf } from '../context.ts'
import { appended } from '../logout/appended.ts'
import type { Logout } from '../logout/logout.ts'
import { signOut } from '../logout/sign_out.ts'
import { logoutPage } from '../pages/logout_page.ts'
import { signedOutPage } from '../pages/signed_out_page.ts'
import { stillSignedInPage } from '../pages/still_signed_in_page.ts'
import type { LogoutView } from '../pages/views.ts'
import { type EndpointResponse, formOf, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { seeOther } from '../response_modes/response_mode.ts'
import { openInteraction, takeInteraction } from '../sessions/interaction.ts'
import { forgetCookie, type Session, sessionById, sessionOf } from '../sessions/session.ts'
import { homeOf } from '../users/home.ts'
import { userOf } from '../users/user.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The page where a person says whether to sign out.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export const endSessionConfirmation: Endpoint = {
  name: 'end_session_confirmation',
  methods: ['GET', 'POST'],
  answer: (request, cx) => (request.method === 'POST' ? decide(request, cx) : show(request, cx)),
}

async function show(request: Request, cx: Context): Promise<EndpointResponse> {
  const { id, record } = await openInteraction<Logout>(request, 'logout', cx)
  const page = logoutPage(await logoutView(record, { id, session: await sessionOf(request, cx) }, cx))
  const { problem } = record
  if (problem === undefined) return page
  cx.exchange.reason = problem.reason
  return { ...page, status: 400, headers: { ...page.headers, 'x-mock-reason': problem.reason } }
}

async function logoutView(
  { sids, client_id, problem }: Logout,
  { id, session }: { readonly id: string; readonly session: Session | undefined },
  cx: Context,
): Promise<LogoutView> {
  // The cookie does not come along from every site, and some browsers keep none.
  const meant = session ?? (sids[0] === undefined ? undefined : await sessionById(sids[0], cx))
  const client = client_id === undefined ? undefined : await findClient(client_id, cx)
  return {
    ...frameOf(cx),
    interaction: id,
    user: meant && userView(userOf(meant.login, cx)),
    client: client && clientView(client),
    problem: noteOf({ problem }),
  }
}

/** What is wrong with a request, for the person who wonders why the application does not come back. */
export function noteOf({ problem }: Pick<Logout, 'problem'>): string | undefined {
  return problem && `${problem.text} You will not be sent back to the application.`
}

async function decide(request: Request, cx: Context): Promise<EndpointResponse> {
  const logout = await takeInteraction<Logout>(request, 'logout', cx)
  if (first(formOf(request), 'action') !== 'logout') return stillSignedInPage(frameOf(cx))
  const session = await sessionOf(request, cx)
  return signedOut(session === undefined ? logout : { ...logout, sids: [session.sid, ...logout.sids] }, cx)
}

/** Where the client that asked begins a new login. @see https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin */
async function loginOf({ client_id }: Logout, cx: Context): Promise<string | undefined> {
  const client = client_id === undefined ? undefined : await findClient(client_id, cx)
  const uri = client?.initiate_login_uri
  return uri === undefined ? undefined : appended(uri, { iss: issuerOf(cx) })
}

/**
 * Ends the sessions; then the browser goes back to the client, by a page where other clients are told in frames.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout
 */
export async function signedOut(logout: Logout, cx: Context, problem?: string): Promise<EndpointResponse> {
  const cookie = await forgottenBy(logout, cx)
  const frames = await signOut(logout, cx)
  const { next } = logout
  const response =
    frames.length === 0 && next !== undefined
      ? seeOther(next)
      : signedOutPage({ ...frameOf(cx), frames, next, problem, again: await loginOf(logout, cx) })
  return { ...response, headers: { ...response.headers, 'set-cookie': cookie } }
}

/** The cookie is that of the tenant whose user signs out. */
async function forgottenBy({ sids: [sid] }: Logout, cx: Context): Promise<string> {
  const session = sid === undefined ? undefined : await sessionById(sid, cx)
  return forgetCookie(session === undefined ? cx : homeOf(session.login, cx))
}
