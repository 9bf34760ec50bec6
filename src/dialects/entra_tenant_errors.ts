/** Entra's refusals of what is at the wrong tenant. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
import { aadsts, REQUEST } from './aadsts.ts'
import type { ErrorRule } from './description.ts'

const GRANT = { status: 400, error: 'invalid_grant' }

export const TENANT_ERRORS: readonly ErrorRule[] = [
  aadsts(
    90002,
    { status: 400, error: 'invalid_tenant' },
    "Tenant '{error.tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    'tenant.unknown',
  ),
  aadsts(
    9001023,
    REQUEST,
    'The grant type is not supported over the /{tenant.name} endpoint. Please use a tenant-specific endpoint: {error.description}.',
    'tenant.ambiguous',
  ),
  aadsts(
    50194,
    REQUEST,
    "Application '{error.client_id}' is not configured as a multi-tenant application. Usage of the {error.address} endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
    'client.single_tenant',
  ),
  aadsts(
    9002331,
    REQUEST,
    "Application '{error.client_id}' is configured for use by Microsoft Account users only. Please use the /consumers endpoint to serve this request.",
    'client.personal_only',
  ),
  aadsts(
    9002332,
    REQUEST,
    "Application '{error.client_id}' is configured for use by Azure Active Directory users only. Please do not use the /consumers endpoint to serve this request.",
    'client.organizations_only',
  ),
  aadsts(
    50020,
    GRANT,
    "User account does not exist in tenant '{tenant.name}' and cannot access the application '{client.client_id|default:}' in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account. ({error.description})",
    'login.other_tenant',
    'refresh_token.other_tenant',
  ),
  aadsts(
    700005,
    GRANT,
    'Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for (/common or /{error.tenant} as appropriate).',
    'code.other_tenant',
  ),
]
