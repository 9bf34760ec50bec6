import type { ClientConfig, Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { first } from '../protocol/params.ts'
import type { Reason } from '../protocol/reasons.ts'
import { userScope } from '../tokens/scope.ts'
import { directedError, secondFactorMissing, takeDirected } from '../users/directed.ts'
import { accountOf } from '../users/home.ts'
import { checkPassword, type Mistyped } from '../users/identify.ts'
import { directGrant } from './direct_grant.ts'
import type { Grant } from './grant.ts'
import { requiredParam } from './required.ts'
import { userTokens } from './user_tokens.ts'

/** Whether it is the name or the password that is wrong is no secret in a test. */
function reasonOf({ reason, field }: Mistyped): Reason {
  return reason ?? (field === 'username' ? 'user.unknown' : 'login.wrong_password')
}

/**
 * Whether a test said that the login has a second factor. A user whom it named would come to a page, so that waits on.
 * @throws OAuthError where the test said that there is no login: no page can be shown here
 */
function secondFactor(username: string, { client_id }: ClientConfig, cx: Context): boolean {
  const directed = takeDirected(client_id, cx, ({ user }) => user === undefined)
  if (directed === undefined) return false
  const why = `a test said so: ${directed.told}`
  // There is nobody to deny anything here: wrong credentials and a consent that is not there are what is left of it.
  if (directed.deny === 'login') throw new OAuthError('login.wrong_password', why)
  if (directed.deny === 'consent') throw new OAuthError('consent.required', why)
  const refusal = directedError(directed)
  if (refusal !== undefined) throw refusal
  if (directed.mfa === 'required') throw secondFactorMissing(username)
  return true
}

/**
 * Tokens for a username and a password, without a browser. OAuth 2.1 leaves it out; tests still like it.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.3
 */
export const password: Grant = {
  grant_type: 'password',
  async exchange(request, cx) {
    const { client, params } = request
    const user = checkPassword(requiredParam('username', params), first(params, 'password'), cx)
    if ('problem' in user) throw new OAuthError(reasonOf(user), user.problem)
    const scopes = userScope(first(params, 'scope'), client, cx)
    const hasFactor = secondFactor(user.username, client, cx)
    const [acr, stronger = acr] = cx.tenant.config.login.acr_values
    const login = {
      ...accountOf(user.username, cx),
      auth_time: cx.tenant.clock.seconds(),
      acr: hasFactor ? stronger : acr,
      amr: hasFactor ? ['pwd', 'mfa'] : ['pwd'],
    }
    const grant = directGrant({ client_id: client.client_id, login, scopes }, cx)
    return userTokens({ grant, scopes, grant_type: 'password' }, request, cx)
  },
}
