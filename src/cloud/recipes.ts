/** How clients are told of a tenant: lines to copy. */

/** What the lines are filled with. */
export interface Facts {
  readonly tenantId: string
  readonly clientId: string
  /** Base URL over https. */
  readonly host: string
}

/** The one that every library of MSAL for JavaScript takes. */
export function msalOptions({ tenantId, host }: Pick<Facts, 'tenantId' | 'host'>): string {
  return `authority: '${host}/${tenantId}', knownAuthorities: ['${new URL(host).host}']`
}

/** Client, and what it needs; all but the first come from the libraries' own names for the same two things. */
export const RECIPES: readonly (readonly [client: string, lines: (facts: Facts) => string])[] = [
  [
    'msal-node, msal-browser, msal-react, msal-angular',
    (facts) => `auth: { clientId: '${facts.clientId}', ${msalOptions(facts)} }`,
  ],
  [
    '@azure/identity',
    ({ host, tenantId, clientId }) =>
      `new ClientSecretCredential('${tenantId}', '${clientId}', secret, { authorityHost: '${host}', disableInstanceDiscovery: true })`,
  ],
  ['MSAL Python', ({ host, tenantId }) => `authority="${host}/${tenantId}", instance_discovery=False`],
  ['azure-identity (Python)', ({ host }) => `authority="${host}", disable_instance_discovery=True`],
  ['MSAL.NET', ({ host, tenantId }) => `.WithAuthority("${host}/${tenantId}").WithInstanceDiscovery(false)`],
  ['MSAL Java', ({ host, tenantId }) => `.authority("${host}/${tenantId}").instanceDiscovery(false)`],
  [
    'MSAL Go',
    ({ host, tenantId, clientId }) =>
      `confidential.New("${host}/${tenantId}", "${clientId}", cred, confidential.WithInstanceDiscovery(false))`,
  ],
  [
    'microsoft-identity-web',
    ({ host, tenantId, clientId }) =>
      `"AzureAd": { "Instance": "${host}/", "TenantId": "${tenantId}", "ClientId": "${clientId}" }`,
  ],
  [
    'passport-azure-ad',
    ({ host, tenantId }) => `identityMetadata: '${host}/${tenantId}/v2.0/.well-known/openid-configuration'`,
  ],
  ['jwks-rsa, jose', ({ host, tenantId }) => `${host}/${tenantId}/discovery/v2.0/keys`],
  ['Auth.js', ({ host, tenantId }) => `issuer: '${host}/${tenantId}/v2.0'`],
  [
    'openid-client',
    ({ host, tenantId, clientId }) => `discovery(new URL('${host}/${tenantId}/v2.0'), '${clientId}', secret)`,
  ],
]
