import type { Tenant } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import type { CloudService } from './cloud_service.ts'
import { chooseIdentity, hasIdentities, SELECTORS, type Selectors } from './identity.ts'
import {
  refusalHeaders,
  resourceIn,
  sourcePath,
  tenantsAt,
  tenantsOfSecret,
  wired,
} from './identity_request.ts'
import { identityToken } from './identity_token.ts'

interface Version {
  /** The header with the secret. */
  readonly header: string
  readonly selectors: Selectors
}

/** By `api-version`; the older one is also that of Azure Machine Learning. */
const VERSIONS: ReadonlyMap<string, Version> = new Map([
  ['2019-08-01', { header: 'X-IDENTITY-HEADER', selectors: SELECTORS }],
  ['2017-09-01', { header: 'secret', selectors: { ...SELECTORS, client_id: ['clientid'] } }],
])

/**
 * Tokens where App Service, Functions and Container Apps give them. The secret in the header tells tenants apart.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const appService: CloudService = {
  name: 'app_service',
  methods: ['GET'],
  path: sourcePath('msi/token'),
  serves: hasIdentities,
  async answer(request, at) {
    const { header, selectors } = versionOf(request)
    const tenants: readonly Tenant[] = tenantsOfSecret(header, request, tenantsAt(at))
    const resource = resourceIn(request.query)
    const chosen = chooseIdentity(request.query, selectors, tenants)
    const { access_token, expires_on, token_type, client_id } = await identityToken(chosen, resource, {
      request,
      at,
    })
    const body = membersOf({ access_token, expires_on, resource, token_type, client_id, ...chosen.selector })
    return json(200, body, NO_STORE)
  },
  refuse(error) {
    const message = error.reason === 'identity.unknown' ? 'No managed identity found' : wired(error).text
    return json(error.status, membersOf({ statusCode: error.status, message }), refusalHeaders(error))
  },
}

function versionOf({ query }: Request): Version {
  const asked = first(query, 'api-version')
  const version = VERSIONS.get(asked ?? '')
  if (version !== undefined) return version
  throw new OAuthError(
    'param.invalid',
    `api-version is ${asked === undefined ? 'missing' : shown(asked)}, expected ${oneOf(VERSIONS.keys())}`,
    { detail: { name: 'api-version' } },
  )
}
