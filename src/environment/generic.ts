import { type EnvKind, given } from './kind.ts'
import { targetOf } from './target.ts'

/** Programs that read the usual names, each as far as it knows them. */
export const generic: EnvKind = {
  name: 'generic',
  ca: ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'],
  variables(options, facts) {
    const { tenant, issuer, client, audiences } = targetOf(options, facts)
    const { urls } = tenant
    return given({
      OIDC_ISSUER: issuer,
      OIDC_DISCOVERY_URL: urls.discovery,
      OIDC_JWKS_URI: urls.jwks,
      OIDC_AUTHORIZATION_ENDPOINT: urls.authorization,
      OIDC_TOKEN_ENDPOINT: urls.token,
      OIDC_USERINFO_ENDPOINT: urls.userinfo,
      OIDC_END_SESSION_ENDPOINT: urls.end_session,
      OIDC_AUDIENCE: audiences[0],
      OIDC_CLIENT_ID: client?.client_id,
      OIDC_CLIENT_SECRET: client?.secret,
      OIDC_REDIRECT_URI: client?.redirect_uris[0],
    })
  },
}
