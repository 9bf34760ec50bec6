/** How clients sign users out. */
import { readJwt } from '../jwt.ts'
import { always, type Rule, refused } from '../rule.ts'

const REDIRECTION = 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout'
const LOGOUT = 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout'

export const logoutWithoutHint: Rule = {
  id: 'logout_without_hint',
  severity: 'info',
  title: 'a logout without id_token_hint',
  explanation:
    'Without it the provider cannot tell that the client knows the session, and asks the user first.',
  fix: 'Send the ID token of the login as id_token_hint; an expired one will do.',
  see: LOGOUT,
  at: ['end_session'],
  watch: always((seen) => {
    // A person who typed the address sends nothing at all.
    const isClient = seen.params.has('client_id') || seen.params.has('post_logout_redirect_uri')
    return isClient && !seen.params.has('id_token_hint') ? 'a logout had no id_token_hint' : undefined
  }),
}

export const logoutWithoutState: Rule = {
  id: 'logout_without_state',
  severity: 'info',
  title: 'a logout that comes back without state',
  explanation: 'Without state the page after the logout cannot tell whether this application began it.',
  fix: 'Send a random state with post_logout_redirect_uri, and compare it.',
  see: LOGOUT,
  at: ['end_session'],
  watch: always((seen) => {
    const comesBack = seen.params.has('post_logout_redirect_uri') && seen.reason === undefined
    return comesBack && !seen.params.has('state')
      ? 'a logout had post_logout_redirect_uri and no state'
      : undefined
  }),
}

export const logoutRedirectUriUnregistered: Rule = {
  id: 'logout_redirect_uri_unregistered',
  severity: 'error',
  title: 'a post-logout redirect URI that is not registered',
  explanation: 'The provider must not send the user there: they end on its page, and do not come back.',
  fix: 'Register this very URI under post_logout_redirect_uris, and send id_token_hint or client_id with it.',
  see: REDIRECTION,
  at: ['end_session'],
  refusals: ['logout.redirect_uri'],
  watch: refused,
}

export const logoutHintWrong: Rule = {
  id: 'logout_hint_wrong',
  severity: 'error',
  title: 'an id_token_hint that is no ID token of this client',
  explanation:
    'Another token as the hint proves nothing, and carries a secret through the browser if it is an access token.',
  fix: 'Send the ID token that this client was given at this provider, as it was issued.',
  see: LOGOUT,
  at: ['end_session'],
  refusals: ['logout.hint_invalid', 'logout.client_mismatch'],
  watch: always((seen) => {
    const hint = readJwt(seen.param('id_token_hint') ?? '')
    const type = hint?.header['typ'] ?? 'JWT'
    // An ID token from before a restart is the fault of nobody.
    const canBeOld = seen.reason === 'logout.hint_invalid' && hint !== undefined && type === 'JWT'
    return canBeOld ? undefined : seen.transaction.exchange.description
  }),
}
