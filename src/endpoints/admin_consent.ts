import { begin } from '../authorization/begin.ts'
import { replying, respond } from '../authorization/reply.ts'
import type { Reply } from '../authorization/request.ts'
import { clientView, frameOf } from '../authorization/shown.ts'
import { type ClientConfig, type Context, findClient } from '../context.ts'
import { adminConsentPage } from '../pages/admin_consent_page.ts'
import type { AdminConsentView } from '../pages/views.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type EndpointResponse, formOf, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { parseScope } from '../protocol/scope.ts'
import { addInteraction, takeInteraction } from '../sessions/interaction.ts'
import { sessionLifetime } from '../sessions/session.ts'
import { rememberAdminConsent } from '../users/consent.ts'
import type { Endpoint } from './endpoint.ts'
import { parameters } from './parameters.ts'

/** What waits while an administrator decides. */
interface Waiting {
  readonly kind: 'admin_consent'
  readonly reply: Reply
  /** As it came; absent: everything that the client may have. */
  readonly scope?: string | undefined
}

/**
 * Where an application sends an administrator, who allows it something in the name of all users.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export const adminConsent: Endpoint = {
  name: 'admin_consent',
  methods: ['GET', 'POST'],
  async answer(request, cx) {
    if (request.method === 'POST')
      return decide(await takeInteraction<Waiting>(request, KIND, cx), request, cx)
    const params = parameters(request, cx)
    const { reply, client } = await begin(params, cx)
    const scope = first(params, 'scope')
    const waiting: Waiting = { kind: KIND, reply: { ...reply, response_mode: 'query' }, scope }
    if (cx.tenant.config.login.mode === 'auto') return accept(waiting, cx)
    return adminConsentPage(viewOf(waiting, { client, interaction: await addInteraction(waiting, cx) }, cx))
  },
}

const KIND = 'admin_consent'

function viewOf(
  { reply, scope }: Waiting,
  { client, interaction }: { readonly client: ClientConfig; readonly interaction: string },
  cx: Context,
): AdminConsentView {
  const { config, name } = cx.tenant
  return {
    ...frameOf(cx),
    interaction,
    organisation: config.entra.display_name ?? name,
    asked: {
      client: clientView(client),
      redirect_uri: reply.redirect_uri,
      scopes: parseScope(scope).map((each) => ({ scope: each, claims: [] })),
      resources: [],
    },
  }
}

function decide(waiting: Waiting, request: Request, cx: Context): Promise<EndpointResponse> {
  const { reply } = waiting
  cx.exchange.client_id = reply.client_id
  return replying(reply, cx, () => {
    if (first(formOf(request), 'action') === 'allow') return accept(waiting, cx)
    throw new OAuthError('consent.denied', 'the administrator chose Cancel on the consent page')
  })
}

async function accept({ reply, scope }: Waiting, cx: Context): Promise<EndpointResponse> {
  const { client_id } = reply
  // Gone meanwhile: then nothing is remembered for whoever has the id next.
  const isThere = (await findClient(client_id, cx)) !== undefined
  const names = scope === undefined ? undefined : parseScope(scope).map(nameOf)
  // Nobody says whose administrator it is: at an address of several tenants that of the first.
  const [home = cx.tenant] = cx.tenant.homes?.values() ?? []
  if (isThere) await rememberAdminConsent(names, { client_id, lifetime: sessionLifetime(cx) }, home)
  return respond(reply, { params: { admin_consent: 'True', tenant: home.id, scope } }, cx)
}

/** A scope without its resource. */
function nameOf(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1)
}
