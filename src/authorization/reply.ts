/** Where and how an authorization response goes; only here does one leave. */
import { type Context, facts, issuerOf } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { first, type Params } from '../protocol/params.ts'
import { authorizationCodeOf } from '../protocol/reasons.ts'
import { sortedWords } from '../protocol/response_types.ts'
import * as registry from '../response_modes/index.ts'
import type { ResponseMode } from '../response_modes/response_mode.ts'
import { homeOf } from '../users/home.ts'
import type { Login } from '../users/login.ts'
import { localSubject } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import type { Reply } from './request.ts'
import { hasTokens } from './response_type.ts'

const MODES: ReadonlyMap<string, ResponseMode> = new Map(
  Object.values(registry).map((mode) => [mode.name, mode]),
)

/** Names of every response mode, as discovery shows them. */
export const responseModes: readonly string[] = [...MODES.keys()]

/**
 * The mode that the answer takes, even where the answer is that the request is wrong: the one asked for, or the
 * response type's own.
 * @see https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes
 */
export function replyMode(params: Params, redirect_uri: string): string {
  const asked = MODES.get(first(params, 'response_mode') ?? '')
  if (asked !== undefined && objection(asked, params, redirect_uri) === undefined) return asked.name
  return hasTokens(typeOf(params)) ? 'fragment' : 'query'
}

/** @throws OAuthError response_mode.* */
export function assertResponseMode(params: Params, redirect_uri: string): void {
  const came = first(params, 'response_mode')
  if (came === undefined) return
  const mode = MODES.get(came)
  const problem =
    mode === undefined
      ? new OAuthError(
          'response_mode.unknown',
          `response_mode is ${shown(came)}, expected ${oneOf(responseModes)}`,
          { detail: { response_mode: came } },
        )
      : objection(mode, params, redirect_uri)
  if (problem !== undefined) throw problem
}

function typeOf(params: Params): string {
  return sortedWords(first(params, 'response_type') ?? '')
}

/** Why an answer cannot go this way. */
function objection(mode: ResponseMode, params: Params, redirect_uri: string): OAuthError | undefined {
  const detail = { response_mode: mode.name }
  if (!mode.forTokens && hasTokens(typeOf(params)))
    return new OAuthError(
      'response_mode.not_allowed',
      `response_mode ${mode.name} is not for tokens, they would stand in logs; use fragment or form_post`,
      { detail },
    )
  if (mode.reaches(redirect_uri)) return undefined
  return new OAuthError(
    'response_mode.not_allowed',
    `response_mode ${mode.name} does not reach ${shown(redirect_uri)}, browsers post forms to http and https only; use query or fragment`,
    { detail },
  )
}

/**
 * Whether answers say who gives them. Where the issuer follows the host of each caller, browser and client may know the
 * provider by different ones, and a client MUST refuse an `iss` that is not the issuer it knows.
 * @see https://www.rfc-editor.org/rfc/rfc9207.html#section-2.4
 */
export function saysIssuer({ bases }: Context): boolean {
  return bases.mode === 'fixed'
}

/** What is answered, and what hooks may make more of it with. */
interface Answer {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly login?: Login | undefined
  readonly error?: OAuthError
}

/** Sends an answer. @see https://www.rfc-editor.org/rfc/rfc9207.html#section-2 */
export function respond(reply: Reply, { params, login, error }: Answer, cx: Context): EndpointResponse {
  const mode = MODES.get(reply.response_mode) as ResponseMode
  const { state, client_id, kept } = reply
  const home = login === undefined ? cx : homeOf(login, cx)
  const draft = membersOf({ ...params, state, iss: saysIssuer(cx) ? issuerOf(cx) : undefined })
  const why = error && { ...error.detail, reason: error.reason, description: error.description }
  const bent = bend('reply', cx.tenant.hooks, draft, {
    endpoint: cx.endpoint,
    face: cx.face.name,
    ...(error && { error }),
    facts: facts(home, {
      client: { client_id },
      login,
      ...(login && kept && aboutUser(login, home)),
      param: kept,
      error: why,
    }),
  })
  return mode.respond(
    reply.redirect_uri,
    bent.map(({ name, value }) => [name, String(value)]),
  )
}

function aboutUser(login: Login, home: Context) {
  const user = userOf(login, home)
  return { user, local_sub: localSubject(user, home.tenant.seed) }
}

/** Tells the client that its request is refused. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 */
function respondError(reply: Reply, error: OAuthError, cx: Context): EndpointResponse {
  cx.exchange.reason = error.reason
  cx.exchange.description = error.description
  const code = error.chosen ?? authorizationCodeOf(error.reason)
  const params = { error: code, error_description: error.description }
  const response = respond(reply, { params, error }, cx)
  return { ...response, headers: { ...response.headers, 'x-mock-reason': error.reason } }
}

/** Answers, and tells the client where that is refused. */
export async function replying(
  reply: Reply,
  cx: Context,
  answer: () => Promise<EndpointResponse>,
): Promise<EndpointResponse> {
  try {
    return await answer()
  } catch (error) {
    // MUST NOT redirect where the client identifier is invalid: the client may be gone by now, RFC 6749 §4.1.2.1.
    if (error instanceof OAuthError && error.reason !== 'client.unknown')
      return respondError(reply, error, cx)
    throw error
  }
}
