/** Keys that cannot go: what they sign would be signed by nobody. */
import type { ClientConfig } from '../config/resolve.ts'
import { type WantedAlg, wantedAlgs as wantedBy } from '../config/wanted_algs.ts'
import type { KeySet } from '../keys/keys.ts'
import type { Resident } from '../world/resident.ts'
import { Problem } from './problem.ts'

/** What declared clients want, those that registered themselves, and resources. */
export async function wantedAlgs({ declared: { config }, tenant }: Resident): Promise<readonly WantedAlg[]> {
  const registered = (await tenant.store.list('client')).map(
    ({ record }) => (record as { readonly config: ClientConfig }).config,
  )
  return wantedBy({ clients: [...config.clients, ...registered], resources: config.resources })
}

/** @throws Problem 409 where nothing would sign any more, or not what is wanted */
export function assertStillSigns(
  { now, next }: { readonly now: KeySet; readonly next: KeySet },
  wanted: readonly WantedAlg[],
): void {
  const algs = next.algs()
  if (algs.length === 0)
    throw new Problem(409, 'it is the only key that signs; rotate first, and take the old one out then')
  const lost = now.algs().filter((alg) => !algs.includes(alg))
  const inNeed = wanted.find(({ alg }) => lost.includes(alg))
  if (inNeed === undefined) return
  throw new Problem(
    409,
    `it is the only ${inNeed.alg} key that signs, and ${inNeed.who} registered ${inNeed.alg}; rotate ${inNeed.alg} first, or change that`,
  )
}
