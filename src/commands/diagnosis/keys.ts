import { createPublicKey, type KeyObject } from 'node:crypto'
import { shown } from '../../protocol/errors.ts'
import { type Check, type Metadata, ok, type Remark, warn, wrong } from './check.ts'

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6.1 */
const KNOWN = ['RSA', 'EC', 'OKP', 'oct']

/** @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.3 */
const LEAST_RSA_BITS = 2048

/** Whether clients can verify signatures with what is published. @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4 */
export const keys: Check = {
  name: 'keys',
  look({ keys }) {
    if (keys === undefined) return []
    const signing = keys.filter(isForSignatures)
    const remarks = [...keys.flatMap(secrets), ...signing.flatMap(faults), ...ambiguous(signing)]
    if (signing.length === 0)
      remarks.push(wrong('none is for signatures', 'have the provider publish the keys that it signs with'))
    return remarks.length > 0 ? remarks : [ok(signing.map(described).join(', '))]
  },
}

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.2 */
function isForSignatures({ use, key_ops }: Metadata): boolean {
  return (use === undefined || use === 'sig') && (!Array.isArray(key_ops) || key_ops.includes('verify'))
}

function secrets(jwk: Metadata): Remark[] {
  const found = PRIVATE.filter((member) => jwk[member] !== undefined)
  if (found.length === 0) return []
  const text = `${named(jwk)} shows its private members ${found.join(', ')}: whoever reads them can sign`
  return [wrong(text, 'have the provider publish public members only, and throw this key away')]
}

function faults(jwk: Metadata): Remark[] {
  const key = keyOf(jwk)
  // SHOULD be ignored by who does not understand them, RFC 7517 §5: those of later algorithms.
  if (key === undefined && typeof jwk['kty'] === 'string' && !KNOWN.includes(jwk['kty']))
    return [warn(`${named(jwk)} has kty ${shown(jwk['kty'])}, which most clients skip`)]
  if (key === undefined)
    return [wrong(`${named(jwk)} is no key that can be read`, 'have the provider correct or remove the key')]
  const bits = key.asymmetricKeyDetails?.modulusLength ?? LEAST_RSA_BITS
  if (bits < LEAST_RSA_BITS)
    return [
      wrong(
        `${named(jwk)} has ${bits} bits; clients refuse RSA keys below ${LEAST_RSA_BITS}`,
        'have the provider sign with a longer key',
      ),
    ]
  return []
}

/** The public key; undefined for what is none. */
export function keyOf(jwk: Metadata): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as Record<string, string>, format: 'jwk' })
  } catch {
    return undefined
  }
}

/** A client chooses by kid among the keys of a type. */
function ambiguous(signing: readonly Metadata[]): Remark[] {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { kid, kty } of signing) {
    const id = JSON.stringify([kty, kid])
    if (seen.has(id)) twice.add(kid === undefined ? 'none at all' : shown(kid))
    seen.add(id)
  }
  const remarks = [...twice].map((kid) =>
    wrong(`several keys have the kid ${kid}`, 'have the provider give each key a kid of its own'),
  )
  const isBare = signing.length === 1 && signing[0]?.['kid'] === undefined
  return isBare
    ? [...remarks, warn('the key has no kid: after a rotation clients do not find the new one')]
    : remarks
}

function described({ kty, alg, kid }: Metadata): string {
  return `${shown(alg ?? kty)} ${kid === undefined ? '' : shown(kid)}`.trim()
}

function named({ kid }: Metadata): string {
  return kid === undefined ? 'a key without kid' : `the key ${shown(kid)}`
}
