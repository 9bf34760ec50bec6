import type { Tenant } from '../context.ts'
import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import type { CloudService } from './cloud_service.ts'

const CLOUD = {
  cloud_instance_name: 'microsoftonline.com',
  cloud_audience_urn: 'urn:federation:MicrosoftOnline',
}

/**
 * Where MSAL asks, before it sends a password, who verifies it: for users of a tenant here this provider does.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc
 */
export const userRealm: CloudService = {
  name: 'user_realm',
  methods: ['GET'],
  cors: true,
  path: /^\/[^/]+\/userrealm(?:\/(?<upn>[^/]*))?$/i,
  serves: ({ dialect }) => dialect.cloud !== undefined,
  async answer({ query }, { named, tenants }) {
    const upn = named['upn'] || first(query, 'user') || ''
    const domain_name = domainOf(upn)
    const type = isKnown(upn, domain_name, tenants[0]) ? 'Managed' : 'Unknown'
    const body = /^2/.test(first(query, 'api-version') ?? '')
      ? { Login: upn, NameSpaceType: type, DomainName: domain_name, ...CLOUD }
      : { ver: '1.0', account_type: type, domain_name, ...CLOUD }
    return json(200, membersOf(body), NO_STORE)
  },
}

function domainOf(upn: string): string {
  return upn.slice(upn.lastIndexOf('@') + 1)
}

/** A user who is declared, or anybody of a domain that a tenant, or a user of one, has. */
function isKnown(upn: string, domain: string, tenant: Tenant | undefined): boolean {
  const cloud = tenant?.cloud
  if (cloud === undefined) return false
  if (cloud.ownerOf(upn) !== undefined || cloud.called(domain) !== undefined) return true
  const end = `@${domain.toLowerCase()}`
  return cloud.configs.some(({ users }) => users.some(({ username }) => username.toLowerCase().endsWith(end)))
}
