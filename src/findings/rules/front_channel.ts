/** What comes through the browser that should not. */
import { shown } from '../../protocol/errors.ts'
import { asking, hasWord } from '../asking.ts'
import { Rate } from '../recent.ts'
import { always, type Rule } from '../rule.ts'

export const accessTokenInFrontChannel: Rule = {
  id: 'access_token_in_front_channel',
  severity: 'warning',
  title: 'an access token from the authorization endpoint',
  explanation:
    'What comes through the browser leaks from its history, logs and pages, and can be injected; nothing binds it to the client.',
  fix: 'Use response_type=code with PKCE, and take the access token from the token endpoint.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.2',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      if (!hasWord(seen, 'response_type', 'token')) return undefined
      return `response_type is ${shown(seen.param('response_type'))}`
    }),
  ),
}

export const tokensInQuery: Rule = {
  id: 'tokens_in_query',
  severity: 'error',
  title: 'tokens asked for in the query',
  explanation:
    'Queries stand in the logs of servers and proxies and in Referer headers; tokens must not go there.',
  fix: 'Use response_type=code, or response_mode=form_post.',
  see: 'https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes',
  at: ['authorization'],
  refusals: ['response_mode.not_allowed'],
  watch: always((seen) => {
    const isQuery = seen.param('response_mode') === 'query'
    return isQuery ? seen.transaction.exchange.description : undefined
  }),
}

const MINUTE = 60_000
const MANY = 10

export const promptNoneLoop: Rule = {
  id: 'prompt_none_loop',
  severity: 'info',
  title: 'prompt=none again and again',
  explanation:
    'Nobody is signed in, and asking silently again does not change that; the page may never come to rest.',
  fix: 'After login_required send the user to a login with a page, or leave them signed out.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest',
  at: ['authorization'],
  watch() {
    const rate = new Rate(MINUTE)
    return asking((seen) => {
      if (seen.param('prompt') !== 'none') return undefined
      const client = seen.client_id ?? ''
      if (seen.reason !== 'login.required') rate.clear(client)
      else if (rate.count(client, seen.at) > MANY)
        return `more than ${MANY} requests with prompt=none were refused with login_required in a minute`
      return undefined
    })
  },
}
