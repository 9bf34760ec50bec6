import { answering } from '../authorization/device.ts'
import { settle, type Waiting } from '../authorization/settle.ts'
import { consentView } from '../authorization/shown.ts'
import type { Context } from '../context.ts'
import { consentPage } from '../pages/consent_page.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type EndpointResponse, formOf, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { openInteraction, takeInteraction } from '../sessions/interaction.ts'
import { type Session, sessionById, sessionLifetime } from '../sessions/session.ts'
import { rememberConsent } from '../users/consent.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The page where a person lets a client have what it asks for, or not.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Consent
 */
export const consent: Endpoint = {
  name: 'consent',
  methods: ['GET', 'POST'],
  async answer(request, cx) {
    if (request.method === 'POST') return decide(request, cx)
    const { id, record } = await openInteraction<Waiting>(request, 'consent', cx)
    return consentPage(
      await consentView(record, { interaction: id, session: await sessionFor(record, cx) }, cx),
    )
  },
}

async function decide(request: Request, cx: Context): Promise<EndpointResponse> {
  const waiting = await takeInteraction<Waiting>(request, 'consent', cx)
  cx.exchange.client_id = waiting.request.client_id
  const form = formOf(request)
  return answering(waiting.request, cx, async () => {
    if (first(form, 'action') !== 'allow')
      throw new OAuthError('consent.denied', 'the user chose Deny on the consent page')
    const session = await sessionFor(waiting, cx)
    const { request: asked } = waiting
    const parties = { login: session.login, client_id: asked.client_id, lifetime: sessionLifetime(cx) }
    await rememberConsent(asked, parties, cx)
    return settle({ ...waiting, consented: true }, session, cx)
  })
}

/** Who was signed in when the page was made, whether or not the browser keeps cookies. */
async function sessionFor({ sid = '' }: Waiting, cx: Context): Promise<Session> {
  const session = await sessionById(sid, cx)
  if (session !== undefined) return session
  throw new OAuthError('login.required', 'the user signed out before deciding; sign in again')
}
