/** Whose values are secret: by the names that parameters, headers and JSON members have. */

/** By how the name ends, whatever case and punctuation it is written in: `clientSecret`, `X-IDENTITY-HEADER`. */
const ENDINGS =
  /(?:secret|password|passwd|pwd|passphrase|token|assertion|verifier|apikey|credentials?|identityheader)s?$/

const NAMES: ReadonlySet<string> = new Set([
  'devicecode',
  'authorizationcode',
  'interaction',
  'idtokenhint',
  'pin',
  'otp',
])

/** Members of a private or symmetric JWK. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6 */
const PRIVATE_JWK: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])

/** Whether what bears this name is secret wherever it stands. */
export function isSecretName(name: string): boolean {
  const bare = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return NAMES.has(bare) || ENDINGS.test(bare)
}

/** The same for parameters, where `code` is an authorization code; in JSON answers it is the code of an error. */
export function isSecretParam(name: string): boolean {
  return name.toLowerCase() === 'code' || isSecretName(name)
}

/** Whether it is secret as a member of a JWK. */
export function isPrivateMember(name: string): boolean {
  return PRIVATE_JWK.has(name)
}
