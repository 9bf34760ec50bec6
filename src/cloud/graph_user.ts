/** Users as Graph shows them. @see https://learn.microsoft.com/graph/api/resources/user */
import type { Context, Tenant, UserConfig } from '../context.ts'
import { externalName, isGuest } from '../dialects/entra_person.ts'
import { oneOf, shown } from '../protocol/errors.ts'
import { type Json, type Members, membersOf } from '../protocol/json.ts'
import { localSubject } from '../users/subject.ts'
import { graphError } from './graph_error.ts'

/** What is shown where nothing is selected. */
const USUAL = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
]

/** What is empty unless a claim of the user has the name. */
const MORE: Readonly<Record<string, Json>> = {
  ageGroup: null,
  assignedLicenses: [],
  businessPhones: [],
  city: null,
  companyName: null,
  country: null,
  createdDateTime: null,
  creationType: null,
  department: null,
  employeeHireDate: null,
  employeeId: null,
  employeeType: null,
  externalUserState: null,
  faxNumber: null,
  identities: [],
  imAddresses: [],
  jobTitle: null,
  mailNickname: null,
  officeLocation: null,
  onPremisesDistinguishedName: null,
  onPremisesDomainName: null,
  onPremisesExtensionAttributes: null,
  onPremisesImmutableId: null,
  onPremisesSamAccountName: null,
  onPremisesSecurityIdentifier: null,
  onPremisesSyncEnabled: null,
  onPremisesUserPrincipalName: null,
  otherMails: [],
  passwordPolicies: null,
  postalCode: null,
  proxyAddresses: [],
  securityIdentifier: null,
  state: null,
  streetAddress: null,
  usageLocation: null,
}

/** The user, or what `$select` names of it. @throws OAuthError param.invalid */
export function userEntity(
  user: UserConfig,
  { select, version }: { readonly select: string | undefined; readonly version: string },
  { tenant }: Pick<Context, 'tenant'>,
): Members {
  const known: Readonly<Record<string, Json>> = {
    ...MORE,
    ...user.claims,
    ...propertiesOf(user, tenant),
  }
  const names = select === undefined ? USUAL : select.split(',').map((name) => name.trim())
  for (const name of names) if (!Object.hasOwn(known, name)) throw unknown(name, known)
  const set = select === undefined ? 'users' : `users(${names.join(',')})`
  return membersOf({
    '@odata.context': `https://graph.microsoft.com/${version}/$metadata#${set}/$entity`,
    ...Object.fromEntries(names.map((name) => [name, known[name]])),
  })
}

/** The name by which Graph finds a user: that of a guest tells where the guest is at home. */
export function principalName(user: UserConfig, { name, config }: Tenant): string {
  if (isGuest(user)) return externalName({ user, tenant: { name, aliases: config.aliases } })
  return String(user.standard['preferred_username'] ?? user.username)
}

function propertiesOf(user: UserConfig, tenant: Tenant): Record<string, Json> {
  const { standard, username, status, entra } = user
  const { name, given_name, family_name, email, phone_number, locale } = standard
  return {
    accountEnabled: status !== 'disabled',
    displayName: name ?? username,
    givenName: given_name ?? null,
    id: localSubject(user, tenant.seed),
    mail: email ?? null,
    mobilePhone: phone_number ?? null,
    preferredLanguage: locale ?? null,
    surname: family_name ?? null,
    userPrincipalName: principalName(user, tenant),
    userType: entra?.user_type ?? 'Member',
  }
}

function unknown(name: string, known: object) {
  const names = Object.keys(known).filter((each) => each.toLowerCase() === name.toLowerCase())
  const advice = names.length === 0 ? '' : ` Did you mean ${oneOf(names)}?`
  return graphError(
    'param.invalid',
    'BadRequest',
    `Could not find a property named '${shown(name)}' on type 'microsoft.graph.user'.${advice}`,
  )
}
