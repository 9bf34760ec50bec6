/** What a client needs to be told so that users can sign in: lines to copy. */
import { type ClientConfig, type Context, issuerOf, type Tenant } from '../../context.ts'

/** The lines for the first client whose users sign in by a browser. */
export function loginLines(
  tenants: readonly Tenant[],
  context: (tenant: Tenant) => Context,
): string[] | undefined {
  for (const tenant of tenants) {
    const client = tenant.config.clients.find(({ redirect_uris }) => redirect_uris.length > 0)
    if (client !== undefined) return linesOf(client, context(tenant))
  }
  return undefined
}

function linesOf(client: ClientConfig, cx: Context): string[] {
  const issuer = issuerOf(cx)
  const { client_id, redirect_uris, require_pkce } = client
  const redirect_uri = redirect_uris[0] as string
  const js = { authority: issuer, client_id, redirect_uri, scope: 'openid profile email' }
  const { checks, default: level } = cx.tenant.config.strictness
  const isRelaxed = (checks['redirect_uri'] ?? level) !== 'strict'
  return [
    `OIDC_ISSUER=${issuer} OIDC_CLIENT_ID=${client_id}`,
    `new UserManager(${JSON.stringify(js)})  // oidc-client-ts`,
    `# ${require_pkce ? 'public client, PKCE' : 'confidential client'}; redirect URI ${redirect_uri}${isRelaxed ? ' or any other of this machine' : ''}`,
  ]
}
