import { clientAuthMethodsAt } from '../client_auth/authenticate.ts'
import { type Context, facts } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { type EndpointResponse, json, NO_STORE, type Request } from '../protocol/messages.ts'
import {
  assertEnabled,
  assertItself,
  assertMayRegister,
  authorized,
  foreign,
} from '../registration/access.ts'
import { clientInformation } from '../registration/information.ts'
import { requestedMetadata } from '../registration/metadata.ts'
import { register, remove, replace } from '../registration/registrations.ts'
import type { Endpoint } from './endpoint.ts'
import { grantTypes } from './token.ts'

type Action = (request: Request, cx: Context) => Promise<EndpointResponse>

/**
 * Clients register, read, change and delete themselves.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration
 */
export const registration: Endpoint = {
  name: 'registration',
  methods: ['POST', 'GET', 'PUT', 'DELETE'],
  cors: true,
  metadata: { member: 'registration_endpoint', channel: 'back' },
  isServed: ({ config }) => config.registration.enabled,
  async answer(request, cx) {
    assertEnabled(cx)
    const answer = await (ACTIONS[request.method] ?? show)(request, cx)
    return bend('response', cx.tenant.hooks, answer, {
      endpoint: cx.endpoint,
      face: cx.face.name,
      facts: facts(cx, { client: { client_id: cx.exchange.client_id } }),
    })
  },
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1 */
const create: Action = async (request, cx) => {
  assertMayRegister(request, cx)
  const client = await register(await metadataIn(objectOf(request), cx), cx)
  cx.exchange.client_id = client.config.client_id
  return json(201, clientInformation(client, cx), NO_STORE)
}

const show: Action = async (request, cx) =>
  json(200, clientInformation(await authorized(request, cx), cx), NO_STORE)

const update: Action = async (request, cx) => {
  const client = await authorized(request, cx)
  const { client_id } = client.config
  const body = objectOf(request)
  assertItself(body, client)
  const updated = await replace(client_id, await metadataIn(body, cx), cx)
  // It can have been deleted while its sector identifier was fetched.
  if (updated === undefined) throw foreign(client_id)
  return json(200, clientInformation(updated, cx), NO_STORE)
}

const erase: Action = async (request, cx) => {
  const { config } = await authorized(request, cx)
  await remove(config.client_id, cx)
  return { status: 204, headers: NO_STORE, body: null }
}

const ACTIONS: Readonly<Record<string, Action>> = { POST: create, GET: show, PUT: update, DELETE: erase }

/** What a client can ask for: implicit is a grant type, though not one of the token endpoint. */
function supportedAt(cx: Context): Parameters<typeof requestedMetadata>[1] {
  return {
    grants: [...grantTypes, 'implicit'],
    clientAuthMethods: clientAuthMethodsAt(cx),
    certificates: cx.bases.mtls !== undefined,
  }
}

function metadataIn(
  body: Readonly<Record<string, unknown>>,
  cx: Context,
): ReturnType<typeof requestedMetadata> {
  return requestedMetadata(body, supportedAt(cx), cx)
}

/** The parameters MUST be the members of one JSON object, RFC 7591 §3.1. */
function objectOf({ body, contentType }: Request): Readonly<Record<string, unknown>> {
  if (body.kind !== 'json') {
    const came = body.kind === 'none' ? 'empty' : `as ${shown(contentType || 'no content type')}`
    throw new OAuthError('content_type.unsupported', `the body came ${came}, expected application/json`, {
      detail: { content_type: contentType },
    })
  }
  const { value } = body
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new OAuthError(
    'body.malformed',
    'the JSON body is no object; expected client metadata as its members',
  )
}
