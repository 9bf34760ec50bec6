import type { ClientFacts } from './facts.ts'
import { type EnvKind, given } from './kind.ts'
import { type Target, targetOf } from './target.ts'

const OAUTH2 = 'SPRING_SECURITY_OAUTH2'
const REGISTRATION = `${OAUTH2}_CLIENT_REGISTRATION_IDP`

/**
 * Spring Boot: a resource server, and a client registration `idp`; a property's name without its dashes.
 * @see https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding.environment-variables
 */
export const spring: EnvKind = {
  name: 'spring',
  // The JVM reads its CAs from a store, of which no variable has the file.
  ca: [],
  variables(options, facts) {
    const target = targetOf(options, facts)
    const { issuer, audiences, client } = target
    return given({
      [`${OAUTH2}_RESOURCESERVER_JWT_ISSUERURI`]: issuer,
      [`${OAUTH2}_RESOURCESERVER_JWT_AUDIENCES`]: audiences.join(','),
      ...(client !== undefined && {
        [`${OAUTH2}_CLIENT_PROVIDER_IDP_ISSUERURI`]: issuer,
        ...registration(client, target),
      }),
    })
  },
}

function registration(client: ClientFacts, { signsIn }: Target) {
  const { client_id, secret, scopes } = client
  const scope = signsIn ? ['openid', 'profile', 'email', ...scopes] : scopes
  return {
    [`${REGISTRATION}_CLIENTID`]: client_id,
    [`${REGISTRATION}_CLIENTSECRET`]: secret,
    // It then proves itself by PKCE.
    [`${REGISTRATION}_CLIENTAUTHENTICATIONMETHOD`]: secret === undefined ? 'none' : undefined,
    [`${REGISTRATION}_AUTHORIZATIONGRANTTYPE`]: signsIn ? 'authorization_code' : 'client_credentials',
    [`${REGISTRATION}_REDIRECTURI`]: signsIn ? client.redirect_uris[0] : undefined,
    [`${REGISTRATION}_SCOPE`]: scope.length === 0 ? undefined : [...new Set(scope)].join(','),
  }
}
