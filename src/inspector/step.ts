/** What a request came to, in a few words. */
import type { RequestView } from '../record/view.ts'

type Step = RequestView

/** By endpoint; where it says nothing, the rule for all does. */
const SAID: Readonly<Record<string, (step: Step) => string | undefined>> = {
  discovery: () => 'metadata',
  jwks: () => 'signing keys',
  token: (step) => tokensIn(step),
  userinfo: (step) => `claims of ${step.user ?? 'the user'}`,
  introspection: ({ response: { body } }) => `active: ${String(memberOf(body, 'active') ?? 'in a JWT')}`,
  login: (step) => (step.method === 'GET' ? 'sign-in page' : signedIn(step)),
  consent: ({ method }) => (method === 'GET' ? 'consent page' : undefined),
  revocation: () => 'revoked',
  device_authorization: () => 'user code given out',
}

/** Without secrets, as the view is. */
export function saidOf(step: Step): string {
  if (step.outcome === 'refused') return refusedAs(step)
  const sentOn = sentTo(step)
  const said = SAID[step.endpoint]?.(step)
  return [said, sentOn].filter((each) => each !== undefined).join(', ')
}

function refusedAs({ response: { body, headers }, reason = 'refused', status }: Step): string {
  const inLocation = /[?&#]error=([^&]*)/.exec(headers['location'] ?? '')?.[1]
  const error = memberOf(body, 'error') ?? inLocation
  return typeof error === 'string' ? `${error} (${reason})` : `${reason} (HTTP ${status})`
}

function tokensIn({ grant_type = '', response: { body } }: Step): string {
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : []
  const tokens = names.filter((name) => /_token$/.test(name) || name === 'device_code')
  return `${grant_type} → ${tokens.join(', ') || 'no token'}`
}

function signedIn({ user }: Step): string | undefined {
  return user === undefined ? undefined : `${user} signed in`
}

/** Where the browser was sent, without what was sent along. */
function sentTo({ response: { headers } }: Step): string | undefined {
  const location = headers['location']
  if (location === undefined) return undefined
  const [place = '', ...params] = location.split(/[?#]/)
  const names = params.flatMap((part) => part.split('&').map((pair) => pair.split('=')[0] ?? ''))
  const carried = names.find((name) => ['code', 'id_token', 'access_token'].includes(name))
  return carried === undefined ? `sent on to ${place}` : `${carried} sent to ${place}`
}

function memberOf(body: unknown, name: string): unknown {
  const isObject = typeof body === 'object' && body !== null && Object.hasOwn(body, name)
  return isObject ? (body as Readonly<Record<string, unknown>>)[name] : undefined
}
