/** The form of requests. */
import { always, BACK_CHANNEL, type Rule, refused } from '../rule.ts'
import { misspelt } from '../spelling.ts'

const TOKEN_ENDPOINT = 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2'

export const passwordGrant: Rule = {
  id: 'password_grant',
  severity: 'error',
  title: 'the password grant',
  explanation:
    'The client sees the password of the user, and no second factor, passkey or single sign-on is possible.',
  fix: 'Use the authorization code flow with PKCE; on a device without a browser the device flow.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.4',
  at: ['token'],
  watch: always((seen) => {
    const isPassword = seen.param('grant_type') === 'password' && seen.client_id !== undefined
    return isPassword ? 'a token was asked for with the password of a user' : undefined
  }),
}

const OF_CLIENTS = ['grant_type', 'client_id', 'code', 'token', 'refresh_token']

export const postByGet: Rule = {
  id: 'post_by_get',
  severity: 'error',
  title: 'GET where POST is required',
  explanation: 'With GET credentials and codes stand in the URL, and with it in logs.',
  fix: 'Send a POST with the parameters in the body as application/x-www-form-urlencoded.',
  see: TOKEN_ENDPOINT,
  at: BACK_CHANNEL,
  refusals: ['method.not_allowed'],
  watch: always(({ transaction: { request, exchange } }) => {
    // Someone who opened the URL in a browser is no client.
    const isClient = request.method === 'GET' && OF_CLIENTS.some((name) => request.query.has(name))
    return isClient ? exchange.description : undefined
  }),
}

export const bodyNotForm: Rule = {
  id: 'body_not_form',
  severity: 'error',
  title: 'a body that is no form',
  explanation: 'OAuth endpoints take application/x-www-form-urlencoded; JSON is refused, or not looked at.',
  fix: 'Send URLSearchParams, with Content-Type: application/x-www-form-urlencoded.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#appendix-B',
  at: BACK_CHANNEL,
  refusals: ['content_type.unsupported'],
  watch: refused,
}

export const parameterTwice: Rule = {
  id: 'parameter_twice',
  severity: 'error',
  title: 'a parameter that came twice',
  explanation:
    'No one knows which of the two is meant, and two servers that differ about it can be played off against each other.',
  fix: 'Send each parameter once; resource and audience alone may repeat.',
  see: TOKEN_ENDPOINT,
  at: [...BACK_CHANNEL, 'authorization'],
  refusals: ['param.duplicated'],
  watch: refused,
}

export const parameterMisspelt: Rule = {
  id: 'parameter_misspelt',
  severity: 'warning',
  title: 'a parameter that is hardly what was meant',
  explanation: 'Unknown parameters are ignored, so what was meant by it is silently not done.',
  fix: 'Write the parameter as the specification does.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1',
  at: [...BACK_CHANNEL, 'authorization', 'end_session'],
  watch() {
    const meant = misspelt()
    return ({ raw }) => {
      for (const name of raw.keys()) {
        const known = meant(name)
        if (known === undefined || raw.has(known)) continue
        return {
          variant: known,
          text: `a parameter is called ${name}, which is ignored; ${known} was meant, it seems`,
        }
      }
      return undefined
    }
  },
}

export const scopeSeparator: Rule = {
  id: 'scope_separator',
  severity: 'warning',
  title: 'commas in the scope',
  explanation:
    'Scopes are separated by spaces; with a comma in between they are one scope that nobody knows.',
  fix: 'Separate scopes by spaces: openid profile email.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3',
  at: ['token', 'authorization', 'device_authorization'],
  watch: always((seen) => {
    const hasComma = seen.client_id !== undefined && seen.param('scope')?.includes(',') === true
    return hasComma ? 'scope has a comma in it' : undefined
  }),
}
