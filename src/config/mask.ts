import { PRIVATE_MEMBERS, SECRET_KEYS } from './private_members.ts'

const DEEPEST = 100

/** What stands for a secret that is not shown. */
export const MASK = '***'

/** Whether secrets are shown. */
export type Secrets = 'masked' | 'shown'

/** A file of certificates may hold a key too. @see https://www.rfc-editor.org/rfc/rfc7468.html#section-10 */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g

/** A copy for people to see: secrets and private members of keys are `***`. */
export function maskConfig(value: unknown): unknown {
  return masked(value, 0)
}

function masked(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return '…'
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1))
  if (typeof value === 'string') return value.replace(PRIVATE_KEY, MASK)
  if (typeof value !== 'object' || value === null) return value
  const isSecret = secretsOf(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      return [key, isSecret(key) && member !== undefined ? hidden(member) : masked(member, depth + 1)]
    }),
  )
}

/** Members of a key are secret in a key only, and `key` beside its certificate: they are short names, of claims too. */
function secretsOf(value: object): (key: string) => boolean {
  const isJwk = 'kty' in value
  const isPair = 'cert' in value
  return (key) => {
    if (PRIVATE_MEMBERS.includes(key)) return isJwk
    return SECRET_KEYS.has(key) || (isPair && key === 'key')
  }
}

function hidden(value: unknown): unknown {
  return Array.isArray(value) ? value.map(() => MASK) : MASK
}
