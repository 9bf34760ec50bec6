/** Answers a request at an endpoint; a refusal becomes the RFC's error here and nowhere else. */
import { type Context, facts } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError, oneOf, printable } from '../protocol/errors.ts'
import { membersOf, objectOf } from '../protocol/json.ts'
import { type EndpointResponse, formOf, json, NO_STORE, type Request } from '../protocol/messages.ts'
import type { Endpoint } from './endpoint.ts'
import { refusalPage } from './refusal_page.ts'

export async function answer(endpoint: Endpoint, request: Request, cx: Context): Promise<EndpointResponse> {
  try {
    assertMethod(endpoint, request)
    return await endpoint.answer(request, cx)
  } catch (error) {
    if (error instanceof OAuthError) return refuse(error, request, cx)
    throw error
  }
}

function assertMethod({ methods, name }: Endpoint, { method }: Request): void {
  if (methods.includes((method === 'HEAD' ? 'GET' : method) as 'GET')) return
  throw new OAuthError('method.not_allowed', `${method} came, the ${name} endpoint takes ${oneOf(methods)}`, {
    detail: { allow: methods.join(', ') },
  })
}

/** The answer to a refused request, as the RFC has it, then as the dialect has it. */
export function refuse(error: OAuthError, request: Request, cx: Context): EndpointResponse {
  cx.exchange.reason = error.reason
  cx.exchange.description = error.description
  const refused = inDialect(error, request, cx)
  const page = refusalPage(error, wordingOf(refused, error), cx)
  if (page === undefined) return refused
  return { ...page, headers: { ...page.headers, ...allow(error), 'x-mock-reason': error.reason } }
}

/** The text of a refusal, where the dialect has one of its own. */
function wordingOf({ body }: EndpointResponse, error: OAuthError): string | undefined {
  const text = Array.isArray(body) ? objectOf(body)['error_description'] : undefined
  return typeof text === 'string' && text !== error.description ? text : undefined
}

function inDialect(error: OAuthError, request: Request, cx: Context): EndpointResponse {
  const headers = {
    ...NO_STORE,
    ...challenge(error, request, cx),
    ...allow(error),
    'x-mock-reason': error.reason,
  }
  const body = membersOf({ error: error.error, error_description: error.description })
  return bend('response', cx.tenant.hooks, json(error.status, body, headers), {
    endpoint: cx.endpoint,
    face: cx.face.name,
    error,
    facts: facts(cx, {
      error: { ...error.detail, reason: error.reason, description: error.description },
      client: { client_id: cx.exchange.client_id },
      param: named(request),
      header: request.headers,
    }),
  })
}

function allow({ detail, reason }: OAuthError): Readonly<Record<string, string>> {
  return reason === 'method.not_allowed' ? { allow: String(detail['allow']) } : {}
}

/**
 * MUST tell which scheme to use: Basic where the client tried the header (RFC 6749 §5.2), Bearer where a token is
 * needed (RFC 6750 §3). A request without any token gets the bare scheme.
 */
function challenge(error: OAuthError, request: Request, cx: Context): Readonly<Record<string, string>> {
  const realm = `realm="${printable(cx.tenant.name)}"`
  const why = `, error="${error.error}", error_description="${error.description}"`
  if (takesBearer(error, cx))
    return { 'www-authenticate': `Bearer ${realm}${error.reason === 'token.missing' ? '' : why}` }
  const basic = error.error === 'invalid_client' && request.headers['authorization'] !== undefined
  // Some libraries show a person the challenge and not the body, so it says why as well.
  return basic ? { 'www-authenticate': `Basic ${realm}${why}` } : {}
}

/** Whether a token was wanted. Most refusals of a registration are about what is registered. */
function takesBearer({ status }: OAuthError, { endpoint }: Context): boolean {
  return (endpoint === 'userinfo' && status !== 405) || (endpoint === 'registration' && status === 401)
}

/** First values of the parameters that came, for texts that repeat them. */
function named({ body, query }: Request): Readonly<Record<string, string | undefined>> {
  const params = [...query, ...formOf({ body })]
  return Object.fromEntries(params.map(([name, values]) => [name, values[0]]))
}
