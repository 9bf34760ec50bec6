/** The attributes of subject names. @see https://www.rfc-editor.org/rfc/rfc4519.html#section-2 */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  '2.5.4.3': ['CN', 'commonName'],
  '2.5.4.4': ['SN', 'surname'],
  '2.5.4.5': ['serialNumber'],
  '2.5.4.6': ['C', 'countryName'],
  '2.5.4.7': ['L', 'localityName'],
  '2.5.4.8': ['ST', 'S', 'stateOrProvinceName'],
  '2.5.4.9': ['STREET', 'streetAddress'],
  '2.5.4.10': ['O', 'organizationName'],
  '2.5.4.11': ['OU', 'organizationalUnitName'],
  '2.5.4.12': ['T', 'title'],
  '2.5.4.13': ['description'],
  '2.5.4.15': ['businessCategory'],
  '2.5.4.17': ['postalCode'],
  '2.5.4.41': ['name'],
  '2.5.4.42': ['GN', 'G', 'givenName'],
  '2.5.4.43': ['I', 'initials'],
  '2.5.4.44': ['generationQualifier'],
  '2.5.4.46': ['dnQualifier'],
  '2.5.4.65': ['pseudonym'],
  '2.5.4.97': ['organizationIdentifier'],
  '0.9.2342.19200300.100.1.1': ['UID', 'userId'],
  '0.9.2342.19200300.100.1.25': ['DC', 'domainComponent'],
  '1.2.840.113549.1.9.1': ['emailAddress', 'E', 'email'],
  '1.3.6.1.4.1.311.60.2.1.1': ['jurisdictionL', 'jurisdictionLocalityName'],
  '1.3.6.1.4.1.311.60.2.1.2': ['jurisdictionST', 'jurisdictionStateOrProvinceName'],
  '1.3.6.1.4.1.311.60.2.1.3': ['jurisdictionC', 'jurisdictionCountryName'],
}

/** Object identifiers by every name that is in use, in lower case. */
export const ATTRIBUTE_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).flatMap(([type, names]) => names.map((name) => [name.toLowerCase(), type] as const)),
)

/** The usual name of each. */
export const ATTRIBUTE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).map(([type, names]) => [type, names[0] as string]),
)
