import type { Tenant } from '../context.ts'
import { isGraph } from '../dialects/entra_resources.ts'
import { shown } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { json } from '../protocol/messages.ts'
import type { CloudService } from './cloud_service.ts'
import { jsonOf } from './graph.ts'
import { graphError, refuseAsGraph, requestIds } from './graph_error.ts'
import { memberIds } from './graph_groups.ts'
import { graphCaller, namedUser } from './graph_token.ts'
import { hasIdentities } from './identity.ts'
import { isNamed } from './identity_request.ts'

const PREDECESSOR = /^(?:00000002-0000-0000-c000-000000000000|https:\/\/graph\.windows\.net\/?)$/

/**
 * Where a token with too many groups says that they are: at Graph's predecessor, which is gone but for these URLs.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim
 */
export const azureAdGraph: CloudService = {
  name: 'azure_ad_graph',
  methods: ['POST'],
  cors: true,
  path: /^\/(?!v1\.0\/|beta\/)(?<tenant>[^/]+)\/users\/(?<id>[^/]+)\/getMemberObjects$/,
  serves: hasIdentities,
  async answer(request, at) {
    const caller = await graphCaller(request, at, (aud) => PREDECESSOR.test(aud) || isGraph(aud))
    assertTenant(at.named['tenant'] ?? '', caller.cx.tenant)
    const user = namedUser(at.named['id'] ?? '', caller)
    const { id: tenantId, seed } = caller.cx.tenant
    const value = memberIds('getMemberObjects', { user, seed, body: jsonOf(request) })
    const metadata = `https://graph.windows.net/${tenantId}/$metadata#Collection(Edm.String)`
    return json(200, membersOf({ 'odata.metadata': metadata, value }), requestIds(request, at))
  },
  refuse: refuseAsGraph,
}

/** The tenant of the path is that of the token. @throws OAuthError graph.not_found */
function assertTenant(name: string, tenant: Tenant): void {
  if (name.toLowerCase() === 'myorganization' || isNamed(name, tenant)) return
  throw graphError(
    'graph.not_found',
    'Request_ResourceNotFound',
    `the path is about tenant ${shown(name)}, the token is one of ${tenant.id}`,
  )
}
