/** How MSAL tells a refusal of Entra. */
import { expect } from 'vitest'
import type { Entra } from './entra.ts'
import type { Outcome } from './sdk.ts'

/** The request id that applications give their calls here. */
export const CORRELATION_ID = '11111111-2222-4333-8444-555555555555'

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source
const TRAIL = `Trace ID: ${GUID} Correlation ID: ${CORRELATION_ID} Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ`

/** The error of the last step, with the status of the answer, which MSAL keeps to itself in most flows. */
export function refusal(outcomes: Outcome, { entries }: Entra): Outcome {
  return { ...outcomes.at(-1).error, status: entries.at(-1)?.status }
}

interface Refusal {
  readonly error: string
  readonly code: number
  readonly status?: number
}

/** For the program: the class of errors that trying again does not help with. */
export function serverError({ error, code, status = 400 }: Refusal) {
  return {
    name: 'ServerError',
    errorCode: error,
    errorNo: code,
    subError: '',
    status,
    correlationId: CORRELATION_ID,
    errorMessage: expect.stringMatching(new RegExp(`AADSTS${code}: .+ ${TRAIL}`)),
  }
}

/** For the user: a sign-in, more or less of one, is what helps. */
export function interactionRequired({ error, code, status = 400 }: Refusal, suberror: string) {
  return {
    name: 'InteractionRequiredAuthError',
    errorCode: error,
    errorNo: code,
    subError: suberror,
    status,
    correlationId: CORRELATION_ID,
    traceId: expect.stringMatching(new RegExp(`^${GUID}$`)),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    errorMessage: expect.stringMatching(new RegExp(`^AADSTS${code}: .+ ${TRAIL}$`)),
  }
}
