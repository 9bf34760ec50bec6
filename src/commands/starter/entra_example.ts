import type { Example } from './example.ts'

/** One setting for each library, as none of them takes a host that it does not know. @see https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration#authority */
const RECIPES = [
  "Microsoft's libraries take https only. Let the application trust the CA, before it starts:",
  '  export NODE_EXTRA_CA_CERTS="$PWD/.idp-double/ca.pem"  # Node.js; SSL_CERT_FILE for .NET and Go on Linux,',
  '                                                        # REQUESTS_CA_BUNDLE for Python',
  'Then tell its library where the directory is, and that it is meant:',
  "  msal-node, msal-browser  auth: { authority: 'https://localhost:8443/NEW_UUID_TENANT',",
  "                                   knownAuthorities: ['localhost:8443'] }",
  "  @azure/identity          { authorityHost: 'https://localhost:8443', disableInstanceDiscovery: true }",
  "  MSAL Python              authority='https://localhost:8443/NEW_UUID_TENANT', instance_discovery=False",
  '  azure-identity (Python)  authority="https://localhost:8443", disable_instance_discovery=True',
  '  MSAL.NET                 .WithAuthority("https://localhost:8443/NEW_UUID_TENANT").WithInstanceDiscovery(false)',
  '  Microsoft.Identity.Web   "AzureAd": { "Instance": "https://localhost:8443/", "TenantId": "NEW_UUID_TENANT" }',
  '  any OpenID Connect       issuer https://localhost:8443/NEW_UUID_TENANT/v2.0',
  '  DefaultAzureCredential   no setting but AZURE_POD_IDENTITY_AUTHORITY_HOST=http://localhost:8080',
]

/** A directory with what an application on Azure has in it. */
export const ENTRA: Example = {
  about: 'Microsoft Entra ID: one directory with its v1 and v2 endpoints.',
  server: [
    'tls: { certificate: auto } # https on port 8443 too, with a certificate of its own CA',
    'state_dir: ./.idp-double # keeps the CA, so that it is trusted once, and the signing keys; not for version control',
  ],
  recipes: RECIPES,
  tenant: [
    'id: NEW_UUID_TENANT # the directory (tenant) id',
    'aliases: [contoso.onmicrosoft.com] # a domain of the directory, which paths may name too',
    '# hosts: [login.microsoftonline.com] # answers in its place, where that name leads here: then no library needs a setting',
    'entra: { display_name: Contoso }',
  ],
  resource: [
    'identifier: api://orders # the App ID URI, which is the aud of v1 tokens',
    'id: NEW_UUID # the application id of the API, which is the aud of v2 tokens',
    'scopes: [access_as_user] # asked for as scope=api://orders/access_as_user',
    'roles: [Orders.Read.All, Orders.Write.All] # app roles',
    'access_token: { version: 2 } # requestedAccessTokenVersion of its manifest: 1 or 2',
  ],
  client: [
    'client_id: NEW_UUID # the application id',
    'client_name: Nightly orders',
    'client_secret: "NEW_SECRET" # or client_secret_file: a file that holds it',
    'grant_types: [client_credentials]',
    'audience: api://orders # asked for as scope=api://orders/.default',
    'roles: [Orders.Read.All]',
  ],
  apps: [
    [
      'client_id: NEW_UUID',
      'client_name: Web shop',
      'client_secret: "NEW_SECRET"',
      'redirect_uris: [http://localhost:3000/callback] # of the type web; on this machine any port will do',
      'grant_types: [authorization_code, refresh_token]',
    ],
    [
      'client_id: NEW_UUID',
      'client_name: Single-page shop',
      'grant_types: [authorization_code, refresh_token]',
      'entra: { spa_redirect_uris: [http://localhost:5173/] } # of the type single-page application, as for msal-browser',
    ],
  ],
  users: [
    [
      'username: alice@contoso.onmicrosoft.com',
      'name: Alice Liddell',
      'given_name: Alice',
      'family_name: Liddell',
      'email: alice@contoso.onmicrosoft.com',
      'roles: [Orders.Read.All]',
    ],
    [
      'username: bob@contoso.onmicrosoft.com',
      'name: Bob Builder',
      'password: builder # asked for with login: { mode: form }',
      '# groups: { generate: 250 } # more than a token holds',
      '# status: mfa_required # or disabled, locked, password_expired …: cannot sign in',
    ],
  ],
  more: [
    '# For DefaultAzureCredential and ManagedIdentityCredential on what would be a machine in Azure.',
    'managed_identity:',
    '  identities:',
    '    - name: orders-vm',
    '      type: SystemAssigned # whom a request without a selector gets',
    '      roles: [Orders.Read.All]',
  ],
}
