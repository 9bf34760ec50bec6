/** What tokens are used for. */
import { readJwt } from '../jwt.ts'
import { always, type Rule } from '../rule.ts'
import type { Seen } from '../seen.ts'

export const accessTokenInQuery: Rule = {
  id: 'access_token_in_query',
  severity: 'error',
  title: 'an access token in the URL',
  explanation:
    'URLs stand in the logs of servers, proxies and browsers, and whoever reads them can use the token.',
  fix: 'Send it as Authorization: Bearer TOKEN.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.3.2',
  at: ['userinfo'],
  watch: always(({ transaction }) =>
    transaction.request.query.has('access_token') ? 'access_token came in the query' : undefined,
  ),
}

export const idTokenAtUserinfo: Rule = {
  id: 'id_token_at_userinfo',
  severity: 'error',
  title: 'an ID token in the place of an access token',
  explanation:
    'An ID token tells the client who signed in; it opens nothing, and an API that takes it takes those of other clients too.',
  fix: 'Send the access token of the same answer.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#UserInfoRequest',
  at: ['userinfo'],
  refusals: ['token.invalid', 'token.expired'],
  watch: always((seen) => {
    const bearer = /^bearer +(\S+) *$/i.exec(seen.header('authorization') ?? '')?.[1]
    const text = bearer ?? seen.param('access_token')
    return isIdToken(text, seen) ? 'an ID token was sent to userinfo' : undefined
  }),
}

export const idTokenIntrospected: Rule = {
  id: 'id_token_introspected',
  severity: 'warning',
  title: 'an ID token introspected',
  explanation:
    'Introspection is for access and refresh tokens; whoever asks about an ID token was given the wrong one.',
  fix: 'Let callers send the access token; verify ID tokens where they were issued to, with the keys.',
  see: 'https://www.rfc-editor.org/rfc/rfc7662.html#section-2.1',
  at: ['introspection'],
  refusals: ['token.invalid', 'token.expired'],
  watch: always((seen) =>
    isIdToken(seen.param('token'), seen) ? 'an ID token was introspected' : undefined,
  ),
}

const OF_ID_TOKENS = ['nonce', 'at_hash', 'c_hash', 'auth_time']
const OF_ACCESS_TOKENS = ['scope', 'scp', 'client_id', 'appid', 'azpacr', 'jti']

/** For a client alone, and about a login. */
function isIdToken(text: string | undefined, { cx }: Seen): boolean {
  const { header, claims } = (text === undefined ? undefined : readJwt(text)) ?? {}
  if (header === undefined || claims === undefined) return false
  const has = (name: string) => Object.hasOwn(claims, name)
  const [aud] = [claims['aud']].flat()
  const isForClient = typeof aud === 'string' && cx.tenant.registry.clients.has(aud)
  return isForClient && header['typ'] !== 'at+jwt' && OF_ID_TOKENS.some(has) && !OF_ACCESS_TOKENS.some(has)
}
