/** What the scopes of OpenID Connect release. @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims */
export const SCOPE_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** Every standard claim but `sub`. @see https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims */
export const STANDARD_CLAIMS: readonly string[] = Object.values(SCOPE_CLAIMS).flat()

/** Scopes that every client may ask for; no API declares them. */
export const OPENID_SCOPES: readonly string[] = ['openid', ...Object.keys(SCOPE_CLAIMS), 'offline_access']

export function isStandardClaim(name: string): boolean {
  return STANDARD_CLAIMS.includes(name)
}
