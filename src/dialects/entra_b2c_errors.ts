/** Refusals as user flows write them. @see https://learn.microsoft.com/azure/active-directory-b2c/error-codes */
import type { ErrorRule } from './description.ts'

const GRANT = 'invalid_grant'

/** A refusal in one line, with what Azure AD B2C tells at the end of each. */
function aadb2c(code: string, error: string, text: string, ...reason: ErrorRule['reason']): ErrorRule {
  const trail = 'Correlation ID: {vars.correlation_id} Timestamp: {vars.timestamp}'
  return { reason, status: 400, body: { error, error_description: `AADB2C${code}: ${text} ${trail}` } }
}

export const B2C_ERRORS: readonly ErrorRule[] = [
  {
    ...aadb2c(
      '',
      'invalid_request',
      "There is no user flow '{error.tenant}' here: the name has the form TENANT/POLICY, and the policies of a tenant are those of entra.policies in its configuration.",
      'tenant.unknown',
    ),
    status: 404,
  },
  {
    ...aadb2c(
      '90091',
      'access_denied',
      'The user has cancelled entering self-asserted information.',
      'login.denied',
    ),
    at: ['authorization'],
  },
  aadb2c(
    '90080',
    GRANT,
    'The provided grant has expired. Please re-authenticate and try again: {error.description}.',
    'code.unknown',
    'refresh_token.unknown',
  ),
  aadb2c(
    '90088',
    GRANT,
    'The provided grant has not been issued for this endpoint: {error.description}.',
    'code.other_tenant',
    'code.other_client',
    'refresh_token.other_tenant',
    'refresh_token.other_client',
  ),
  aadb2c(
    '90129',
    GRANT,
    'The provided grant has been revoked. Please reauthenticate and try again: {error.description}.',
    'code.used',
    'refresh_token.revoked',
    'refresh_token.reused',
  ),
  aadb2c(
    '90081',
    'invalid_client',
    'The specified client_secret does not match the expected value for this client. Please correct the client_secret and try again.',
    'client.secret_wrong',
  ),
  aadb2c('90183', GRANT, 'The supplied code_verifier is invalid.', 'pkce.mismatch'),
]
