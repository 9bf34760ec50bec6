/** Keys that have a meaning in the dialect entra only; where Microsoft has a name for a value, it is Microsoft's. @see https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest */
import * as v from 'valibot'
import { oneOf, text, textLike } from './scalars.ts'
import { described, strict } from './strict.ts'
import { redirectUri } from './uris.ts'

const GUID = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/

/** Claims that an application may ask to have in its tokens. @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
export const OPTIONAL_CLAIMS = [
  'acct',
  'auth_time',
  'ctry',
  'email',
  'family_name',
  'given_name',
  'groups',
  'idtyp',
  'ipaddr',
  'login_hint',
  'sid',
  'tenant_ctry',
  'tenant_region_scope',
  'upn',
  'verified_primary_email',
  'wids',
  'xms_pl',
  'xms_tpl',
] as const

const AUDIENCES = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
] as const

/** A GUID, in any letter case. */
export function guid(): v.GenericSchema<string> {
  return textLike(GUID, 'a GUID such as 5b0d9b1e-0d0c-4b3e-9d39-0f3bd3c1a3d5')
}

function optionalClaims(where: string) {
  return described(
    v.optional(v.array(oneOf(OPTIONAL_CLAIMS)), []),
    `Optional claims of ${where}; default none.`,
  )
}

function groupClaims(where: string) {
  return described(
    v.optional(v.array(oneOf(['None', 'SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All'])), []),
    `Which groups of a user ${where} have: SecurityGroup and ApplicationGroup fill groups, DirectoryRole wids, All both; default none.`,
  )
}

/** An application. */
export function clientEntra() {
  return strict({
    sign_in_audience: described(
      v.optional(oneOf(AUDIENCES), 'AzureADandPersonalMicrosoftAccount'),
      'Whose users may sign in: AzureADMyOrg is one tenant; default AzureADandPersonalMicrosoftAccount: anybody.',
    ),
    spa_redirect_uris: described(
      v.optional(v.array(redirectUri()), []),
      'Redirect URIs of the type single-page application, whose codes only scripts redeem; default none.',
    ),
    optional_claims: optionalClaims('its ID tokens'),
    group_membership_claims: groupClaims('its ID tokens'),
    app_role_assignment_required: described(
      v.optional(v.boolean(), false),
      'Whether only users with a role of the application may sign in; default false.',
    ),
  })
}

/** An API. */
export function resourceEntra() {
  return strict({
    optional_claims: optionalClaims('access tokens for it'),
    group_membership_claims: groupClaims('access tokens for it'),
  })
}

/** A user. */
export function userEntra() {
  return strict({
    user_type: described(
      v.optional(oneOf(['Member', 'Guest']), 'Member'),
      'Member or Guest; default Member.',
    ),
    home_tenant_id: described(
      v.optional(guid()),
      'Id of the tenant from which a guest comes; default: one of nobody here.',
    ),
    directory_roles: described(
      v.optional(v.array(guid()), []),
      'Template ids of directory roles, shown as wids; default none.',
    ),
  })
}

/** A tenant. */
export function tenantEntra() {
  const count = 'a number from 0 to 5000'
  return strict({
    issuer: described(
      v.optional(oneOf(['own', 'microsoft'])),
      "own: the issuer is where the tenant is served. microsoft: it is Microsoft's, https://sts.windows.net/{id}/ and https://login.microsoftonline.com/{id}/v2.0. Default: microsoft where hosts has a host of Microsoft's, else own.",
    ),
    display_name: described(v.optional(text()), 'Name of the organisation; default: the name of the tenant.'),
    policies: described(
      v.optional(v.array(textLike(/^[Bb]2[Cc]_1[Aa]?_[\w-]+$/, 'a name that starts with B2C_1_ or B2C_1A_'))),
      'User flows and policies of Azure AD B2C, each with endpoints of its own; default none.',
    ),
    group_limit: described(
      v.optional(v.pipe(v.number(count), v.integer(count), v.minValue(0, count), v.maxValue(5000, count))),
      'Most groups that a token has; with more it names the place where they can be asked for; default 200.',
    ),
    overage_endpoint: described(
      v.optional(oneOf(['microsoft', 'own'])),
      'Where that place is: graph.windows.net as in real tokens, or this server; default microsoft.',
    ),
  })
}
