import { PRIVATE_MEMBERS, SECRET_KEYS } from './private_members.ts'

const DEEPEST = 100

/** A copy for people to see: secrets and private members of keys are `***`. */
export function maskConfig(value: unknown): unknown {
  return masked(value, 0)
}

function masked(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return '…'
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const isJwk = 'kty' in value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const isSecret = SECRET_KEYS.has(key) && (isJwk || !PRIVATE_MEMBERS.includes(key))
      return [key, isSecret && member !== undefined ? hidden(member) : masked(member, depth + 1)]
    }),
  )
}

function hidden(value: unknown): unknown {
  return Array.isArray(value) ? value.map(() => '***') : '***'
}
