import { type EnvKind, given } from './kind.ts'
import { targetOf } from './target.ts'

/** Which of its providers speaks a dialect; a provider object `{ id: 'idp', type: 'oidc' }` speaks the others. */
const PROVIDERS: Readonly<Record<string, string>> = {
  entra: 'MICROSOFT_ENTRA_ID',
  keycloak: 'KEYCLOAK',
  buypass: 'KEYCLOAK',
}

/** Auth.js 5, which infers a provider's settings from the provider's id. @see https://authjs.dev/guides/environment-variables */
export const authjs: EnvKind = {
  name: 'authjs',
  ca: ['NODE_EXTRA_CA_CERTS'],
  variables(options, facts) {
    const { tenant, issuer, client } = targetOf(options, facts)
    const provider = PROVIDERS[tenant.dialect.replace(/@.*$/, '')] ?? 'IDP'
    return given({
      [`AUTH_${provider}_ISSUER`]: issuer,
      [`AUTH_${provider}_ID`]: client?.client_id,
      [`AUTH_${provider}_SECRET`]: client?.secret,
    })
  },
}
