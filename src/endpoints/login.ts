import { answering } from '../authorization/device.ts'
import { type Identified, loggedIn, type Waiting } from '../authorization/settle.ts'
import { loginView, secondFactorView } from '../authorization/shown.ts'
import type { Context } from '../context.ts'
import { loginPage } from '../pages/login_page.ts'
import { secondFactorPage } from '../pages/second_factor_page.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type EndpointResponse, formOf, type Request } from '../protocol/messages.ts'
import { first, type Params } from '../protocol/params.ts'
import { addInteraction, openInteraction, takeInteraction } from '../sessions/interaction.ts'
import { sessionOf } from '../sessions/session.ts'
import { identify, type Mistyped } from '../users/identify.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The page where a person says who they are.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Authenticates
 */
export const login: Endpoint = {
  name: 'login',
  methods: ['GET', 'POST'],
  async answer(request, cx) {
    if (request.method === 'POST') return signIn(request, cx)
    const { id, record } = await openInteraction<Waiting>(request, 'login', cx)
    const { who } = record
    if (who === undefined) return loginPage(await loginView(record, { interaction: id }, cx))
    return secondFactorPage(await secondFactorView(record, { interaction: id, who }, cx))
  },
}

async function signIn(request: Request, cx: Context): Promise<EndpointResponse> {
  const waiting = await takeInteraction<Waiting>(request, 'login', cx)
  cx.exchange.client_id = waiting.request.client_id
  if (waiting.directed !== undefined) cx.exchange.directed = waiting.directed.told
  const form = formOf(request)
  return answering(waiting.request, cx, async () => {
    if (first(form, 'action') === 'deny')
      throw new OAuthError('login.denied', 'the user chose Deny on the login page')
    if (waiting.who !== undefined) return confirmed(waiting, request, cx)
    const who = identify(form, cx)
    if ('problem' in who) return showAgain(waiting, { form, mistyped: who }, cx)
    const session = await sessionOf(request, cx)
    return loggedIn({ ...waiting, session }, who satisfies Identified, cx)
  })
}

/** The second factor is there: the login goes on from the first. */
async function confirmed(waiting: Waiting, request: Request, cx: Context): Promise<EndpointResponse> {
  const { who, directed, ...progress } = waiting
  const session = await sessionOf(request, cx)
  const done = directed && { ...directed, mfa: 'done' as const }
  return loggedIn({ ...progress, directed: done, session }, who as Identified, cx)
}

/** What was typed stays, but for the password. */
async function showAgain(
  waiting: Waiting,
  { form, mistyped: { problem, field, reason } }: { readonly form: Params; readonly mistyped: Mistyped },
  cx: Context,
): Promise<EndpointResponse> {
  const interaction = await addInteraction(waiting, cx)
  const typed = { username: first(form, 'username'), claims: first(form, 'claims') }
  const page = loginPage(
    await loginView(waiting, { interaction, problem, problem_at: field, ...typed }, cx),
    400,
  )
  if (reason === undefined) return page
  cx.exchange.reason = reason
  return { ...page, headers: { ...page.headers, 'x-mock-reason': reason } }
}
