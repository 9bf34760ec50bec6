/** How the tests tell MSAL of an application. */
import { CLIENT, PUBLIC, SECRET } from './contoso.ts'
import type { Entra } from './entra.ts'
import type { Outcome } from './sdk.ts'

/** The newest release of each major version of the last years; 4 is one that few have. */
export const VERSIONS = [1, 2, 3, 5, 6, 7] as const

/** What every application on a host that Microsoft does not know has to say: where it is, and that it is meant. */
export function at(entra: Entra) {
  return { authority: entra.authority, knownAuthorities: [entra.host] }
}

export function confidential(entra: Entra) {
  return { clientId: CLIENT, clientSecret: SECRET, ...at(entra) }
}

/** An application without a secret, as it is on a user's own machine. */
export function onDevice(entra: Entra) {
  return { clientId: PUBLIC, ...at(entra) }
}

/** What the steps came to. @throws the error of one that failed */
export function results(outcomes: Outcome): Outcome {
  const failed = outcomes.find((each: Outcome) => each?.error !== undefined)
  if (failed !== undefined) throw Object.assign(new Error(failed.error.message), failed.error)
  return outcomes
}
