/** Entra's errors: a code for each reason. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
import { aadsts, CLIENT, REQUEST, SCOPE } from './aadsts.ts'
import type { ErrorRule } from './description.ts'
import { GRANT_ERRORS } from './entra_grant_errors.ts'
import { REDIRECTED, USER_GRANTS } from './entra_sign_in_errors.ts'
import { TENANT_ERRORS } from './entra_tenant_errors.ts'

const UNAUTHORIZED = { status: 400, error: 'unauthorized_client' }
const RESOURCE = { status: 400, error: 'invalid_resource' }
export const AADSTS_ERRORS: readonly ErrorRule[] = [
  ...REDIRECTED,
  ...GRANT_ERRORS,
  ...TENANT_ERRORS,
  aadsts(
    900144,
    REQUEST,
    "The request body must contain the following parameter: '{error.name}'.",
    'param.missing',
    'grant.missing',
  ),
  aadsts(
    900144,
    REQUEST,
    "The request body must contain the following parameter: 'client_id'.",
    'client.missing',
  ),
  aadsts(
    900144,
    REQUEST,
    "The request body must contain the following parameter: 'grant_type'.",
    'content_type.unsupported',
  ),
  aadsts(
    50001,
    RESOURCE,
    'The resource principal was not named. Send the App ID URI of the API as resource.',
    'resource.missing',
  ),
  aadsts(
    500011,
    RESOURCE,
    'The resource principal named {error.resource} was not found in the tenant named {tenant.name}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
    'resource.unknown',
  ),
  aadsts(
    50011,
    REQUEST,
    "The redirect URI '{error.redirect_uri|default:}' specified in the request does not match the redirect URIs configured for the application '{error.client_id}'. Make sure the redirect URI sent in the request matches one added to your application.",
    'redirect_uri.invalid',
    'redirect_uri.missing',
  ),
  ...USER_GRANTS,
  aadsts(
    1002012,
    SCOPE,
    'The provided value for scope {error.scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    'scope.invalid',
  ),
  aadsts(
    7000218,
    { ...CLIENT, grant: ['password', 'urn:ietf:params:oauth:grant-type:device_code'] },
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'. The application does not allow public client flows: {error.description}.",
    'grant.not_allowed',
  ),
  aadsts(
    70003,
    { status: 400, error: 'unsupported_grant_type' },
    "The app requested an unsupported grant type '{error.grant_type}'.",
    'grant.unknown',
    'grant.not_allowed',
  ),
  aadsts(
    700016,
    UNAUTHORIZED,
    "Application with identifier '{error.client_id}' was not found in the directory '{tenant.name}'. This can happen if the application has not been installed by the administrator of the tenant.",
    'client.unknown',
  ),
  aadsts(
    7000218,
    CLIENT,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    'client.secret_missing',
    'client.public_not_allowed',
    'assertion.missing',
    'assertion.type_missing',
  ),
  aadsts(
    7000215,
    CLIENT,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{error.client_id}'.",
    'client.secret_wrong',
  ),
  aadsts(
    700025,
    CLIENT,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    'client.secret_unexpected',
  ),
  aadsts(
    700024,
    CLIENT,
    'Client assertion is not within its valid time range.',
    'assertion.expired',
    'assertion.not_yet_valid',
  ),
  aadsts(
    700027,
    CLIENT,
    'The certificate with identifier used to sign the client assertion is not registered on application, or the signature is wrong: {error.description}',
    'assertion.no_key',
    'assertion.signature',
    'assertion.alg',
  ),
  aadsts(
    700027,
    CLIENT,
    'The client certificate is not registered on the application, or cannot be accepted: {error.description}',
    'client.certificate_missing',
    'client.certificate_untrusted',
    'client.certificate_mismatch',
    'client.certificate_expired',
  ),
  aadsts(
    700023,
    CLIENT,
    'Client assertion audience claim does not match Realm issuer: {error.description}',
    'assertion.aud',
  ),
  aadsts(
    700021,
    CLIENT,
    "Client assertion application identifier doesn't match 'client_id' parameter: {error.description}",
    'assertion.iss_sub_mismatch',
  ),
  aadsts(
    50027,
    CLIENT,
    'JWT token is invalid or malformed: {error.description}',
    'assertion.malformed',
    'assertion.claim_missing',
    'assertion.type_wrong',
    'assertion.replayed',
  ),
  aadsts(
    900561,
    { status: 405, error: 'invalid_request' },
    'The endpoint only accepts {error.allow} requests.',
    'method.not_allowed',
  ),
  aadsts(
    9002313,
    REQUEST,
    'Invalid request. Request is malformed or invalid: {error.description}',
    'body.*',
    'param.*',
    'client.*',
    'binding.*',
  ),
]
