import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import type { Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { SELECTORS, type Selectors } from './identity.ts'
import { tenantsOfSecret, wired } from './identity_request.ts'
import { identitySource } from './identity_source.ts'

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
export const appService = identitySource({
  name: 'app_service',
  path: 'msi/token',
  prove(request, tenants) {
    const { header, selectors } = versionOf(request)
    return { tenants: tenantsOfSecret(header, request, tenants), selectors }
  },
  body: ({ access_token, expires_on, resource, token_type, client_id }, selector) => ({
    access_token,
    expires_on,
    resource,
    token_type,
    client_id,
    ...selector,
  }),
  refusal(error) {
    const message = error.reason === 'identity.unknown' ? 'No managed identity found' : wired(error).text
    return { statusCode: error.status, message }
  },
})

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
