import { type EnvKind, given } from './kind.ts'
import { type Target, targetOf } from './target.ts'

const SCHEMES = 'Authentication__Schemes'

/**
 * ASP.NET Core: AddJwtBearer() and AddOpenIdConnect() read the section of their scheme, Microsoft.Identity.Web reads
 * AzureAd.
 * @see https://learn.microsoft.com/en-us/aspnet/core/security/authentication/configure-jwt-bearer-authentication
 */
export const dotnet: EnvKind = {
  name: 'dotnet',
  ca: ['SSL_CERT_FILE'],
  variables(options, facts) {
    const target = targetOf(options, facts)
    const { issuer, audiences, client } = target
    // The default refuses http.
    const https = issuer.startsWith('https:') ? undefined : 'false'
    const valid = audiences.map((audience, index) => [
      `${SCHEMES}__Bearer__ValidAudiences__${index}`,
      audience,
    ])
    return given({
      [`${SCHEMES}__Bearer__Authority`]: issuer,
      [`${SCHEMES}__Bearer__RequireHttpsMetadata`]: https,
      ...Object.fromEntries(valid),
      ...(client !== undefined && {
        [`${SCHEMES}__OpenIdConnect__Authority`]: issuer,
        [`${SCHEMES}__OpenIdConnect__RequireHttpsMetadata`]: https,
        [`${SCHEMES}__OpenIdConnect__ClientId`]: client.client_id,
        [`${SCHEMES}__OpenIdConnect__ClientSecret`]: client.secret,
        [`${SCHEMES}__OpenIdConnect__ResponseType`]: 'code',
      }),
      ...azureAd(target),
    })
  },
}

function azureAd({ tenant: { azure }, client }: Target) {
  if (azure?.authority_host === undefined) return {}
  return {
    AzureAd__Instance: `${azure.authority_host}/`,
    AzureAd__TenantId: azure.tenant_id,
    AzureAd__ClientId: client?.client_id,
    AzureAd__ClientSecret: client?.secret,
  }
}
