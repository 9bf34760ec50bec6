import type { Cloud } from '../context.ts'
import { MICROSOFT_HOSTS } from '../dialects/entra_hosts.ts'
import { type Json, membersOf } from '../protocol/json.ts'
import { type EndpointResponse, json, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { urlOf } from '../protocol/url.ts'
import type { CloudService, Visited } from './cloud_service.ts'

/**
 * Where MSAL asks whether a host is one that it may trust. Here every host is, whatever is asked and however: another
 * answer than 200 is the one that no library forgives.
 * @see https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration#authority
 */
export const instanceDiscovery: CloudService = {
  name: 'instance_discovery',
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  cors: true,
  path: /^\/[^/]+\/discovery\/instance$/i,
  serves: ({ dialect }) => dialect.cloud !== undefined,
  answer: async (request, at) => document(request, at),
  refuse: (_error, request, at) => document(request, at),
}

function document({ query, headers }: Request, at: Visited): EndpointResponse {
  const asked = urlOf(first(query, 'authorization_endpoint') ?? '')
  const [tenant] = at.tenants
  const base = tenant === undefined ? '' : at.context(tenant).bases.caller.replace(/\/$/, '')
  const below = new URL(base).pathname.replace(/\/$/, '')
  const path = asked?.pathname ?? ''
  const segment = (path.startsWith(`${below}/`) ? path.slice(below.length) : path).split('/')[1] ?? ''
  const named = isKnown(segment, tenant?.cloud, tenant?.dialect.cloud?.realms) ? segment : tenant?.id
  const hosts = [...new Set([new URL(base).host, asked?.host ?? ''])].filter(isOwn)
  const body = membersOf({
    tenant_discovery_endpoint: `${base}/${named}/v2.0/.well-known/openid-configuration`,
    'api-version': first(query, 'api-version') ?? '1.1',
    metadata: [REAL, ...hosts.map((host) => entry(host, host, [host]))],
  })
  return json(200, body, {
    'cache-control': 'max-age=86400, private',
    'x-content-type-options': 'nosniff',
    'access-control-allow-methods': 'GET, OPTIONS',
    ...(headers['origin'] === undefined && { 'access-control-allow-origin': '*' }),
  })
}

const REAL = entry(MICROSOFT_HOSTS[0], MICROSOFT_HOSTS[1], MICROSOFT_HOSTS)

function entry(preferred_network: string, preferred_cache: string, aliases: readonly string[]): Json {
  return { preferred_network, preferred_cache, aliases }
}

function isOwn(host: string): boolean {
  return host !== '' && !(MICROSOFT_HOSTS as readonly string[]).includes(host)
}

/** Whether a segment names a tenant, or several. */
function isKnown(segment: string, cloud: Cloud | undefined, realms: object = {}): boolean {
  return cloud?.called(segment) !== undefined || Object.hasOwn(realms, segment.toLowerCase())
}
