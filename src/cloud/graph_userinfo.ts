import { answer } from '../endpoints/answer.ts'
import { userinfo } from '../endpoints/userinfo.ts'
import { formOf } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import type { CloudService } from './cloud_service.ts'
import { tenantOf } from './graph_token.ts'
import { hasIdentities } from './identity.ts'

/**
 * The userinfo endpoint where Graph has it: at the root, whatever the tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/userinfo
 */
export const graphUserinfo: CloudService = {
  name: 'userinfo',
  methods: ['GET', 'POST'],
  cors: true,
  path: /^\/oidc\/userinfo$/,
  serves: hasIdentities,
  async answer(request, at) {
    const sent = request.headers['authorization'] ?? first(formOf(request), 'access_token') ?? ''
    const cx = at.context(tenantOf(sent, at))
    return answer(userinfo, request, { ...cx, endpoint: 'userinfo' })
  },
}
