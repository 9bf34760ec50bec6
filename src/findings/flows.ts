/** Follows a login from the request to the code: what was asked is known when the code comes back. */
import { issuerOf } from '../context.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import type { Asked, CodeOrigin, Flow, KnownFlows } from './flow.ts'
import { fingerprint, Recent } from './recent.ts'
import type { Seen } from './seen.ts'

export interface Flows extends KnownFlows {
  /** Takes down what a request led to; after the rules have looked at it. */
  note(seen: Seen): void
}

const PAGES: ReadonlySet<string> = new Set(['login', 'consent'])

/** @param origins of the codes of all tenants */
export function createFlows(origins: Recent<CodeOrigin>): Flows {
  const waiting = new Recent<Asked>()
  const codes = new Recent<Flow>()
  const publics = new Recent<true>()
  const goesOn = (asked: Asked, { transaction: { response }, at, cx }: Seen) => {
    const code = inAnswer('code', response)
    if (code !== undefined) {
      codes.set(fingerprint(code), { ...asked, at, isRedeemed: false })
      origins.set(fingerprint(code), { tenant: cx.tenant.name, issuer: issuerOf(cx) })
    }
    const interaction = inAnswer('interaction', response)
    if (interaction !== undefined) waiting.set(fingerprint(interaction), asked)
  }
  return {
    of: (code) => codes.get(fingerprint(code)),
    originOf: (code) => origins.get(fingerprint(code)),
    registeredPublic: (client_id) => publics.get(client_id) === true,
    note(seen) {
      const { endpoint } = seen.transaction.exchange
      if (endpoint === 'authorization') goesOn(askedIn(seen), seen)
      else if (PAGES.has(endpoint)) {
        const asked = waiting.get(fingerprint(first(seen.raw, 'interaction') ?? ''))
        if (asked !== undefined) goesOn(asked, seen)
      } else if (endpoint === 'registration') {
        const isPublic = seen.answered('token_endpoint_auth_method') === 'none'
        if (isPublic) publics.set(String(seen.answered('client_id')), true)
      } else if (endpoint === 'token' && seen.isGranted) {
        const { flow } = seen
        if (flow !== undefined) flow.isRedeemed = true
      }
    },
  }
}

function askedIn(seen: Seen): Asked {
  const scopes = seen.param('scope')?.split(' ') ?? []
  return { isChallenged: seen.param('code_challenge') !== undefined, scopes }
}

const AT = {
  code: [/[?&#]code=([^&#]+)/, / name="code" value="([^"]+)"/],
  interaction: [/[?&]interaction=([^&#]+)/, / name="interaction" value="([^"]+)"/],
} as const

/** A parameter of the answer, in the address that the browser is sent to or in the form that it is given. */
function inAnswer(name: keyof typeof AT, { headers, body }: EndpointResponse): string | undefined {
  const [inLocation, inForm] = AT[name]
  const location = headers['location']
  if (location !== undefined) return inLocation.exec(location)?.[1]
  return typeof body === 'string' ? inForm.exec(body)?.[1] : undefined
}
