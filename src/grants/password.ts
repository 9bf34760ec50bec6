import type { Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { first } from '../protocol/params.ts'
import { userScope } from '../tokens/scope.ts'
import type { UserGrant } from '../tokens/user_grant.ts'
import { checkPassword } from '../users/identify.ts'
import type { Grant } from './grant.ts'
import { requiredParam } from './required.ts'
import { userTokens } from './user_tokens.ts'

/**
 * Tokens for a username and a password, without a browser. OAuth 2.1 leaves it out; tests still like it.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.3
 */
export const password: Grant = {
  grant_type: 'password',
  async exchange(request, cx) {
    const { client, params } = request
    const user = checkPassword(requiredParam('username', params), first(params, 'password'), cx)
    if ('problem' in user) throw new OAuthError('login.wrong_password', user.problem)
    const scopes = userScope(first(params, 'scope'), client, cx)
    const grant = grantFor(user.username, { client_id: client.client_id, scopes }, cx)
    return userTokens({ grant, scopes, grant_type: 'password' }, request, cx)
  },
}

function grantFor(
  username: string,
  { client_id, scopes }: Pick<UserGrant, 'client_id' | 'scopes'>,
  { tenant }: Context,
): UserGrant {
  const login = {
    username,
    auth_time: tenant.clock.seconds(),
    acr: tenant.config.login.acr_values[0],
    amr: ['pwd'],
  }
  return {
    id: tenant.random.token(32),
    client_id,
    login,
    scopes,
    targets: {},
    claims: { id_token: {}, userinfo: {} },
    // Bound to no session, so it outlives every one.
    offline: true,
  }
}
