import { because, OAuthError, shown } from './errors.ts'
import { isTooDeep, type Json } from './json.ts'

/** How one claim is wanted; null: as it is. */
export interface ClaimWanted {
  readonly essential?: boolean
  readonly value?: Json
  readonly values?: readonly Json[]
}

/** The `claims` parameter, read: by place and claim name. */
export interface ClaimsRequest {
  readonly id_token: Readonly<Record<string, ClaimWanted | null>>
  readonly userinfo: Readonly<Record<string, ClaimWanted | null>>
  /** Whether an API insists on something of the access token, which its client passes on: a claims challenge. */
  readonly challenged?: true
}

export const NO_CLAIMS: ClaimsRequest = { id_token: {}, userinfo: {} }

/**
 * Reads the `claims` parameter; members that are not understood are ignored.
 * @throws OAuthError param.invalid
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
 */
export function parseClaims(text: string | undefined): ClaimsRequest {
  if (text === undefined) return NO_CLAIMS
  const value = parsed(text)
  if (!isObject(value)) throw invalid(`claims is ${shown(text)}, expected a JSON object`)
  if (isTooDeep(value))
    throw invalid('claims is nested too deep, expected the claims of a place and their values')
  return {
    id_token: place('id_token', value),
    userinfo: place('userinfo', value),
    ...(isChallenge(value['access_token']) && { challenged: true }),
  }
}

/** No member of OpenID Connect's own: what is not understood in it is ignored. @see https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function isChallenge(asked: unknown): boolean {
  return isObject(asked) && Object.values(asked).some((how) => isObject(how) && how['essential'] === true)
}

function place(
  name: 'id_token' | 'userinfo',
  value: Readonly<Record<string, unknown>>,
): ClaimsRequest['id_token'] {
  const asked = value[name]
  if (asked === undefined || asked === null) return {}
  if (!isObject(asked)) throw invalid(`${name} of claims is ${shown(asked)}, expected an object of claims`)
  const wanted = Object.entries(asked).map(
    ([claim, how]) => [claim, wantedOf(`${name}.${claim}`, how)] as const,
  )
  return Object.fromEntries(wanted.filter(([claim]) => claim !== '__proto__'))
}

function wantedOf(at: string, how: unknown): ClaimWanted | null {
  if (how === null) return null
  if (!isObject(how)) throw invalid(`${at} of claims is ${shown(how)}, expected null or an object`)
  const { essential, value, values } = how
  if (essential !== undefined && typeof essential !== 'boolean')
    throw invalid(`${at}.essential of claims is ${shown(essential)}, expected true or false`)
  if (values !== undefined && !Array.isArray(values))
    throw invalid(`${at}.values of claims is ${shown(values)}, expected a list`)
  return {
    ...(essential === undefined ? {} : { essential }),
    ...(value === undefined ? {} : { value: value as Json }),
    ...(values === undefined ? {} : { values: values as Json[] }),
  }
}

/** The values that one claim may have; undefined: any. */
export function allowedValues(wanted: ClaimWanted | null | undefined): readonly Json[] | undefined {
  if (wanted?.values !== undefined) return wanted.values
  return wanted?.value === undefined ? undefined : [wanted.value]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw because(cause, 'param.invalid', `claims is not JSON: ${shown(text)}`)
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(text: string): OAuthError {
  return new OAuthError('param.invalid', text, { detail: { name: 'claims' } })
}
