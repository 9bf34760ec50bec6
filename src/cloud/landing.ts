import type { Tenant } from '../context.ts'
import type { CloudService, Visited } from './cloud_service.ts'
import { hasIdentities } from './identity.ts'
import { RECIPES } from './recipes.ts'

const MOST = 20

/**
 * What a person sees who opens a server of Entra tenants, which have nothing at the root: how clients are told of it.
 * @see https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration
 */
export const landing: CloudService = {
  name: 'landing',
  methods: ['GET'],
  path: /^\/?$/,
  serves: hasIdentities,
  async answer(_request, at) {
    const [tenant] = at.tenants
    const lines = tenant === undefined ? [] : [...tenantLines(at), '', ...recipeLines(tenant, at)]
    const body = ['IdP Double - TEST ONLY', '', ...lines, ''].join('\n')
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
  },
}

function tenantLines({ tenants }: Visited): string[] {
  const rows = tenants.slice(0, MOST).map(({ id, name, config }) => {
    const names = [...new Set([name, ...config.aliases])].join(', ')
    return `  ${id}  ${names}`
  })
  const rest = tenants.length - rows.length
  return ['tenants', ...rows, ...(rest > 0 ? [`  and ${rest} more`] : [])]
}

/** For the first tenant; the others differ by their ids. */
function recipeLines(tenant: Tenant, at: Visited): string[] {
  const { bases } = at.context(tenant)
  const here = bases.caller
  // Libraries want the issuer where they called: where it is fixed they have to call there.
  const host = [bases.issuer, at.home(tenant).bases.caller].find((base) => base.startsWith('https:'))
  const clientId = tenant.config.clients[0]?.client_id ?? '{client id}'
  const facts = { tenantId: tenant.id, clientId, host: host ?? here }
  return [
    ...(host === undefined
      ? [
          "https is not served, and Microsoft's libraries refuse http: set server.tls, or start with --tls",
          '',
        ]
      : []),
    ...RECIPES.flatMap(([client, line]) => [client, `  ${line(facts)}`]),
    'managed identity: new DefaultAzureCredential() as it is, and others',
    `  AZURE_POD_IDENTITY_AUTHORITY_HOST=${here}`,
  ]
}
