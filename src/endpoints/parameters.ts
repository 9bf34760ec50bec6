/** Where an endpoint's parameters come from: the body's form, and what else the dialect's provider takes. */
import { type Context, type EndpointName, enforce, facts, type Source } from '../context.ts'
import { bend } from '../hooks.ts'
import { because, OAuthError, shown } from '../protocol/errors.ts'
import type { Request } from '../protocol/messages.ts'
import { add, NO_PARAMS, type Params } from '../protocol/params.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Browsers bring parameters in the query too. @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest */
const USUAL: Readonly<Partial<Record<EndpointName, readonly Source[]>>> = {
  authorization: ['query', 'form'],
  end_session: ['query', 'form'],
  admin_consent: ['query'],
}

/** These may come more than once. @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2 */
const REPEATABLE = new Set(['resource', 'audience'])

/**
 * The parameters of a request under their RFC names.
 * @throws OAuthError content_type.unsupported, body.malformed or param.duplicated
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2
 */
export function parameters(request: Request, cx: Context): Params {
  const params = received(request, cx)
  assertSingle(params, cx)
  return bent(params, cx)
}

/** The same where those that came more than once are to be refused later, by `assertSingle`. */
export function receivedParameters(request: Request, cx: Context): Params {
  return bent(received(request, cx), cx)
}

function received(request: Request, cx: Context): Params {
  const accepted = cx.tenant.dialect.accepts[cx.endpoint] ?? USUAL[cx.endpoint] ?? ['form']
  return merge(accepted.includes('query') ? request.query : NO_PARAMS, bodyParams(request, accepted, cx))
}

function bent(params: Params, cx: Context): Params {
  const at = { endpoint: cx.endpoint, face: cx.face.name, facts: facts(cx) }
  const meant = bend('request', cx.tenant.hooks, params, at)
  cx.exchange.params = meant
  return meant
}

/** A required parameter; the message tells when it came in the wrong place. */
export function required(name: string, params: Params, request: Request): string {
  const value = params.get(name)?.[0]
  if (value !== undefined) return value
  const strayed = request.query.has(name)
    ? `; it came in the query string, which is no place for it here`
    : ''
  throw new OAuthError(
    name === 'grant_type' ? 'grant.missing' : 'param.missing',
    `${name} is missing${strayed}; send it in the body as ${FORM}`,
    {
      detail: { name },
    },
  )
}

function bodyParams({ body, contentType }: Request, accepted: readonly Source[], cx: Context): Params {
  if (body.kind === 'none') return NO_PARAMS
  if (body.kind === 'form') return body.params
  const json = body.kind === 'json' ? body.value : undefined
  if (accepted.includes('json')) return jsonParams(body.kind === 'other' ? parsed(body.text) : json)
  const error = new OAuthError(
    'content_type.unsupported',
    `the body came as ${shown(contentType || 'no content type')}, expected ${FORM}`,
    {
      detail: { content_type: contentType },
    },
  )
  enforce('content_type', error, cx)
  return jsonParams(json ?? {})
}

/** Some clients send JSON and do not say so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw because(cause, 'body.malformed', `the body is neither ${FORM} nor JSON`)
  }
}

function jsonParams(value: unknown): Params {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new OAuthError(
      'body.malformed',
      `the JSON body is ${kindOf(value)}, expected an object of parameters`,
    )
  }
  const params = new Map<string, string[]>()
  for (const [name, member] of Object.entries(value)) {
    for (const each of Array.isArray(member) ? member : [member]) {
      if (['string', 'number', 'boolean'].includes(typeof each)) add(params, name, String(each))
      else
        throw new OAuthError('param.invalid', `parameter ${shown(name)} is ${kindOf(each)}, expected text`, {
          detail: { name },
        })
    }
  }
  return params
}

/** A value's kind alone: it may hold a secret. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`
}

function merge(query: Params, body: Params): Params {
  if (query.size === 0) return body
  const merged = new Map(query)
  for (const [name, values] of body) merged.set(name, [...(merged.get(name) ?? []), ...values])
  return merged
}

/** Parameters MUST NOT be included more than once, RFC 6749 §3.1 and §3.2. */
export function assertSingle(params: Params, cx: Context): void {
  for (const [name, values] of params) {
    if (values.length === 1 || REPEATABLE.has(name)) continue
    const error = new OAuthError(
      'param.duplicated',
      `parameter ${shown(name)} came ${values.length} times; send it once`,
      { detail: { name } },
    )
    enforce('duplicate_parameter', error, cx)
  }
}
