/** Refusals in OData's form, as Microsoft Graph has it. @see https://learn.microsoft.com/graph/errors */
import { utc } from '../clock.ts'
import { GRAPH } from '../dialects/entra_resources.ts'
import { OAuthError } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { type EndpointResponse, json, type Request } from '../protocol/messages.ts'
import type { Visited } from './cloud_service.ts'
import { refusalHeaders } from './identity_request.ts'

/** A refusal with the code that Graph has for it. */
export function graphError(reason: OAuthError['reason'], code: string, message: string): OAuthError {
  return new OAuthError(reason, message, { detail: { code } })
}

/** Something that Graph has and this provider has not. */
export function notServed(what: string): OAuthError {
  return graphError(
    'graph.not_implemented',
    'NotImplemented',
    `${what} is not part of this test double; of Graph it has me, users/{id}, organization, memberOf, transitiveMemberOf, getMemberObjects, getMemberGroups and checkMemberGroups`,
  )
}

/** Where the real text is more to be expected than ours. */
const TEXTS: Readonly<Record<string, string>> = {
  'token.missing': 'Access token is empty.',
  'token.expired': 'Lifetime validation failed, the token is expired.',
}

/** The refuse function of the services of Graph. */
export function refuseAsGraph(error: OAuthError, request: Request, at: Visited): EndpointResponse {
  const [tenant] = at.tenants
  const ids = requestIds(request, at)
  const body = {
    code: codeOf(error),
    message: TEXTS[error.reason] ?? error.description,
    innerError: {
      date: utc(tenant?.clock.seconds() ?? 0)
        .replace(' ', 'T')
        .replace('Z', ''),
      ...ids,
    },
  }
  const headers = { ...refusalHeaders(error), ...ids, ...challenge(error, at) }
  return json(error.status, membersOf({ error: body }), headers)
}

function codeOf({ reason, detail }: OAuthError): string {
  if (typeof detail['code'] === 'string') return detail['code']
  return reason.startsWith('token.') ? 'InvalidAuthenticationToken' : 'BadRequest'
}

/** Each answer names the request, and repeats the name that the client gave it. */
export function requestIds({ headers }: Request, { tenants }: Visited): Readonly<Record<string, string>> {
  const id = tenants[0]?.random.uuid() ?? ''
  return { 'request-id': id, 'client-request-id': headers['client-request-id'] ?? id }
}

function challenge({ status }: OAuthError, { tenants, context }: Visited): EndpointResponse['headers'] {
  const [tenant] = tenants
  if (status !== 401 || tenant === undefined) return {}
  const authorization_uri = `${context(tenant).bases.caller}/common/oauth2/authorize`
  return {
    'www-authenticate': `Bearer realm="", authorization_uri="${authorization_uri}", client_id="${GRAPH.id}"`,
  }
}
