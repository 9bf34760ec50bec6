import { answering } from '../authorization/device.ts'
import { type Identified, loggedIn, type Waiting } from '../authorization/settle.ts'
import { loginView } from '../authorization/shown.ts'
import type { Context } from '../context.ts'
import { loginPage } from '../pages/login_page.ts'
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
    return loginPage(await loginView(record, { interaction: id }, cx))
  },
}

async function signIn(request: Request, cx: Context): Promise<EndpointResponse> {
  const waiting = await takeInteraction<Waiting>(request, 'login', cx)
  cx.exchange.client_id = waiting.request.client_id
  const form = formOf(request)
  return answering(waiting.request, cx, async () => {
    if (first(form, 'action') === 'deny')
      throw new OAuthError('login.denied', 'the user chose Deny on the login page')
    const who = identify(form, cx)
    if ('problem' in who) return showAgain(waiting, { form, mistyped: who }, cx)
    const session = await sessionOf(request, cx)
    return loggedIn({ ...waiting, session }, who satisfies Identified, cx)
  })
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
