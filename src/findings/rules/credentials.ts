/** How clients prove who they are. */
import type { EndpointName } from '../../context.ts'
import { isSameSecret } from '../../protocol/same_secret.ts'
import { Rate } from '../recent.ts'
import { always, BACK_CHANNEL, type Rule, refused } from '../rule.ts'
import type { Seen } from '../seen.ts'

const BASICS = 'https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1'
const SECRETS = ['client_secret', 'client_assertion', 'password', 'refresh_token']

export const secretInQuery: Rule = {
  id: 'secret_in_query',
  severity: 'error',
  title: 'a secret in the URL',
  explanation:
    'URLs stand in the logs of servers, proxies and browsers: a secret in one is a secret no more.',
  fix: 'Send it in the body of a POST, or client credentials in the Authorization header; and change the secret.',
  see: BASICS,
  at: [...BACK_CHANNEL, 'authorization', 'end_session'],
  watch: always(({ transaction, cx: { tenant } }) => {
    const { request, exchange } = transaction
    if (request.query.size === 0) return undefined
    const name = SECRETS.find((each) => request.query.has(each))
    if (name === undefined) return undefined
    // A client may have no choice: some providers ask for it.
    const isAsked = tenant.dialect.accepts[exchange.endpoint as EndpointName]?.includes('query') === true
    const text = `${name} came in the query`
    return isAsked ? { text: `${text}, as this provider takes it`, severity: 'info' } : text
  }),
}

export const credentialsTwice: Rule = {
  id: 'credentials_twice',
  severity: 'error',
  title: 'two ways of authentication at once',
  explanation:
    'A client must not use more than one; providers refuse it, or look at the one that you did not mean.',
  fix: 'Send the secret in the Authorization header, or in the body, or an assertion; not two of them.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3',
  at: BACK_CHANNEL,
  check: 'client_auth_method',
  watch: always((seen) => {
    const came = ['client_secret', 'client_assertion'].filter((name) => seen.params.has(name))
    const isBasic = came.length > 0 && /^basic /i.test(seen.header('authorization') ?? '')
    const all = isBasic ? ['an Authorization header', ...came] : came
    if (all.length < 2) return undefined
    const text = `${all.join(' and ')} came at once`
    const isTaken = isBasic && seen.cx.tenant.dialect.credentials === 'header first'
    return isTaken ? { text: `${text}, as this provider takes it`, severity: 'info' } : text
  }),
}

export const secretUnexpected: Rule = {
  id: 'secret_unexpected',
  severity: 'error',
  title: 'a secret from a client that has none',
  explanation: 'A public client cannot keep a secret; one that is shipped with it is known to all its users.',
  fix: 'Send client_id alone and use PKCE; or register the secret, if the client runs where nobody can read it.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1',
  at: BACK_CHANNEL,
  refusals: ['client.secret_unexpected'],
  watch: refused,
}

export const authMethodMismatch: Rule = {
  id: 'auth_method_mismatch',
  severity: 'error',
  title: 'another way of authentication than the registered one',
  explanation:
    'Providers that were told how a client authenticates refuse anything else; a secret that is sent in the place of a signed assertion is spent.',
  fix: 'Set the method of the client library to token_endpoint_auth_method, or register the other one.',
  see: 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2',
  at: BACK_CHANNEL,
  refusals: ['client.auth_method_not_allowed'],
  watch: refused,
}

export const credentialsMissing: Rule = {
  id: 'credentials_missing',
  severity: 'error',
  title: 'a confidential client without credentials',
  explanation: 'Who has credentials must authenticate with each request, also to revoke and to introspect.',
  fix: 'Send the credentials as at the token endpoint.',
  see: 'https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1',
  at: BACK_CHANNEL,
  refusals: ['client.secret_missing', 'client.missing'],
  watch: always((seen) => {
    // What names no client at the token endpoint is no client that forgot something.
    const isAboutToken = seen.params.has('token')
    if (seen.reason === 'client.missing' && !isAboutToken) return undefined
    const { endpoint } = seen.transaction.exchange
    return `a request to the ${endpoint} endpoint had no credentials`
  }),
}

export const basicNotEncoded: Rule = {
  id: 'basic_not_encoded',
  severity: 'error',
  title: 'id and secret not form-urlencoded in the Basic header',
  explanation:
    'The header is read by form-decoding both halves; a secret with + or % in it is another one then.',
  fix: 'Form-urlencode client_id and client_secret before the base64, or send them in the body.',
  see: BASICS,
  at: BACK_CHANNEL,
  refusals: ['client.secret_wrong', 'client.credentials_malformed'],
  watch: always((seen) => {
    const [client_id = '', secret = ''] = seen.basic ?? []
    const client = seen.client ?? seen.cx.tenant.registry.clients.get(client_id)
    const isRight = client?.secrets.some((each) => isSameSecret(each, secret)) === true
    return isRight
      ? `the secret of client ${client?.client_id} is right, but was not form-urlencoded`
      : undefined
  }),
}

const SEVERAL = 5
const MINUTES = 5

export const secretWrongAgain: Rule = {
  id: 'secret_wrong_again',
  severity: 'warning',
  title: 'wrong secrets in a row',
  explanation:
    'A client that goes on with a wrong secret looks like somebody who guesses, and is locked out.',
  fix: 'Stop at invalid_client and raise an alarm: asking again cannot help.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10',
  at: BACK_CHANNEL,
  watch() {
    const rate = new Rate(MINUTES * 60_000)
    return (seen) => {
      const { client_id, reason } = seen
      if (client_id === undefined) return undefined
      if (reason === undefined) rate.clear(client_id)
      else if (reason === 'client.secret_wrong' && rate.count(client_id, seen.at) >= SEVERAL)
        return `${SEVERAL} wrong secrets came in a row, and no right one between them`
      return undefined
    }
  },
}

export const secretInBrowser: Rule = {
  id: 'secret_in_browser',
  severity: 'warning',
  title: 'a client secret in a browser',
  explanation: 'Whoever opens the page can read the secret and act as the client.',
  fix: 'Make the client public and use PKCE; or let a backend hold the secret and the tokens.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-2.1',
  at: ['token'],
  watch: always((seen) => {
    if (seen.header('origin') === undefined || !isBrowser(seen)) return undefined
    const hasSecret = seen.params.has('client_secret') || /^basic /i.test(seen.header('authorization') ?? '')
    return hasSecret ? 'a page in a browser sent a client secret' : undefined
  }),
}

/** Test environments that play a browser run where servers do. */
function isBrowser(seen: Seen): boolean {
  const agent = seen.header('user-agent') ?? ''
  return agent.startsWith('Mozilla/') && !/jsdom|happydom/i.test(agent)
}
