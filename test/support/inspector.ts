/** The inspector in tests: a provider with something to see, and its pages as a browser reads them. */
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { authorizeUrl, Browser, redeem, signIn } from './browser.ts'
import { type Element, readStrictly } from './html.ts'
import { basic, get, post } from './http.ts'

const CALLBACK = 'http://localhost:3000/callback'
export const SECRET = 'the-secret-of-web'

const CONFIG = {
  users: [{ username: 'alice', name: 'Alice Liddell', email: 'alice@example.test', roles: ['reader'] }],
  clients: [
    {
      client_id: 'web',
      client_secret: SECRET,
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] as const,
    },
  ],
} satisfies Record<string, unknown>

export const start = (): Promise<StartedIdp> =>
  startIdp({
    ...CONFIG,
    clients: CONFIG.clients.map((each) => ({ ...each, grant_types: [...each.grant_types] })),
  })

/** A login with its tokens, a refresh and userinfo; gives back what must not be seen. */
export async function login(idp: StartedIdp): Promise<readonly string[]> {
  const params = { client_id: 'web', redirect_uri: CALLBACK, scope: 'openid offline_access' }
  const { left } = await signIn(new Browser(idp.url), authorizeUrl(idp.issuer, params))
  const code = left?.searchParams.get('code') ?? ''
  const credentials = basic('web', SECRET)
  const { body } = await redeem(idp.issuer, { code, redirect_uri: CALLBACK }, credentials)
  const { access_token, refresh_token } = body as Record<string, string>
  await get(`${idp.issuer}/userinfo`, { authorization: `Bearer ${access_token}` })
  const form = { grant_type: 'refresh_token', refresh_token: refresh_token ?? '' }
  const next = await post(`${idp.issuer}/token`, form, credentials)
  const tokens = [access_token, refresh_token, next.body['access_token'], next.body['refresh_token']].map(
    String,
  )
  // A token without its signature is worth nothing, and may be seen.
  return [code, SECRET, credentials.authorization.slice(6), ...tokens]
}

/** A token that the client asks for itself. */
export function ownToken(idp: StartedIdp, secret: string = SECRET) {
  return post(`${idp.issuer}/token`, { grant_type: 'client_credentials' }, basic('web', secret))
}

export interface SeenPage {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly root: Element
  /** What a strict parser complains about. */
  readonly mistakes: readonly string[]
}

/** A page as a browser asks for it. */
export async function see({ url }: Pick<StartedIdp, 'url'>, query = '', path = '/_mock/'): Promise<SeenPage> {
  const { status, headers, text } = await get(`${url}${path}${query}`, { accept: 'text/html' })
  return { status, headers, text, ...readStrictly({ body: text }) }
}
