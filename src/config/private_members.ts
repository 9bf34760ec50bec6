/** The members of a JWK that only its owner knows. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6 */
export const PRIVATE_MEMBERS: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The keys of a configuration whose values are secret. */
export const SECRET_KEYS: ReadonlySet<string> = new Set([
  'client_secret',
  'secrets',
  'password',
  'initial_access_token',
  'token',
  'header',
  'arc_key',
  'pem',
  ...PRIVATE_MEMBERS,
])
