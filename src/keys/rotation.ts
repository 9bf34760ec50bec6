/** Changes to a key set, as steps of its life: each makes another set of the same keys. Newer keys stand before older ones. */
import { createKeySet, type KeyEntry, type KeySet, keySetOf } from './keys.ts'

export type KeyStatus = KeyEntry['status']

/** More than any rotation needs: each is in the JWKS that every client fetches. */
const MOST = 20

export const rotationSteps = ['publish', 'activate', 'retire', 'withdraw'] as const

/** A key that is about to be made; it is kept nowhere but in the set that it becomes part of. */
export function freshKey(alg: string): KeyEntry {
  return createKeySet([{ alg, status: 'published', at: 'rotation' }], { slot: 'rotation' })
    .entries[0] as KeyEntry
}

/**
 * Adds a key that is published and does not sign yet, before all others of its algorithm.
 * @throws RangeError when there are too many
 */
export function withKey(keys: KeySet, fresh: KeyEntry): KeySet {
  const { entries } = keys
  if (entries.length >= MOST)
    throw new RangeError(
      `there are ${entries.length} keys already, ${MOST} at most; take out old ones: rotate with step retire and then withdraw, or DELETE /_mock/keys/KID`,
    )
  const first = entries.findIndex(({ alg }) => alg === fresh.alg)
  return keySetOf(entries.toSpliced(first === -1 ? entries.length : first, 0, fresh))
}

/** Whether two entries are the same key, whatever became of it. */
export function isSameKey(one: KeyEntry, other: KeyEntry): boolean {
  return one.get === other.get
}

/** Gives a key another status; one that becomes active signs from now on, and what signed before is only published. */
export function withStatus({ entries }: KeySet, key: KeyEntry, status: KeyStatus): KeySet {
  if (status !== 'active')
    return keySetOf(entries.map((each) => (isSameKey(each, key) ? { ...each, status } : each)))
  const rest = entries.filter((each) => !isSameKey(each, key)).map((each) => succeeded(each, key))
  const first = rest.findIndex(({ alg }) => alg === key.alg)
  return keySetOf(rest.toSpliced(first === -1 ? rest.length : first, 0, { ...key, status }))
}

function succeeded(each: KeyEntry, { alg }: KeyEntry): KeyEntry {
  return each.alg === alg && each.status === 'active' ? { ...each, status: 'published' } : each
}

/** Forgets a key. */
export function withoutKey({ entries }: KeySet, key: KeyEntry): KeySet {
  return keySetOf(entries.filter((each) => !isSameKey(each, key)))
}

/** Steps that need no new key. */
const STEPS = { activate, retire, withdraw } as const

/** Takes the keys of an algorithm one step on. @throws RangeError when there is nothing to take on */
export function taken(step: keyof typeof STEPS, keys: KeySet, alg: string): KeySet {
  return STEPS[step](keys, alg)
}

/** The newest published key signs. */
function activate(keys: KeySet, alg: string): KeySet {
  const newest = keys.entries.find((each) => each.alg === alg && each.status === 'published')
  if (newest !== undefined) return withStatus(keys, newest, 'active')
  throw new RangeError(`no ${alg} key waits to sign; rotate with step publish first`)
}

/** The keys behind the one that signs leave the JWKS; they still verify. */
function retire({ entries }: KeySet, alg: string): KeySet {
  const signing = entries.findIndex((each) => each.alg === alg && each.status === 'active')
  const isOld = (each: KeyEntry, at: number) =>
    each.alg === alg && each.status === 'published' && signing !== -1 && at > signing
  if (!entries.some(isOld))
    throw new RangeError(
      `no published ${alg} key is older than the one that signs; there is nothing to retire`,
    )
  return keySetOf(entries.map((each, at) => (isOld(each, at) ? { ...each, status: 'hidden' } : each)))
}

/** What hidden keys signed is worth nothing any more. */
function withdraw({ entries }: KeySet, alg: string): KeySet {
  const rest = entries.filter((each) => each.alg !== alg || each.status !== 'hidden')
  if (rest.length < entries.length) return keySetOf(rest)
  throw new RangeError(`no ${alg} key is hidden; rotate with step retire first`)
}
