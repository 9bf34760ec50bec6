/** The first half of a request: who asks, and where the answer goes. Until both are known the answer is a page. */
import { type ClientConfig, type Context, findClient } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { every, first, type Params } from '../protocol/params.ts'
import { assertAdmitted } from '../users/sign_in_audience.ts'
import { assertRedirectUri } from './redirect_uri.ts'
import { replyMode } from './reply.ts'
import type { Reply } from './request.ts'
import { withRequestObject } from './request_object.ts'

export interface Begun {
  readonly reply: Reply
  readonly client: ClientConfig
  /** With those of a request object laid over. */
  readonly params: Params
  /** What is wrong with the request object, where one came and does not hold. */
  readonly objection?: OAuthError
}

/**
 * @throws OAuthError for the person at the browser to read
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1
 */
export async function begin(outside: Params, cx: Context): Promise<Begun> {
  const client = await clientOf(outside, cx)
  const merged = await withRequestObject(outside, client, cx).catch((error: unknown) => {
    if (error instanceof OAuthError) return error
    throw error
  })
  // What stands in an object that does not hold is not believed: not where to send the answer either.
  const params = merged instanceof OAuthError ? outside : merged
  cx.exchange.params = params
  return {
    reply: replyOf(params, client, cx),
    client,
    params,
    ...(merged instanceof OAuthError && { objection: merged }),
  }
}

async function clientOf(params: Params, cx: Context): Promise<ClientConfig> {
  const client_id = only('client_id', params)
  const known = () => oneOf(cx.tenant.registry.clients.keys())
  if (client_id === undefined)
    throw new OAuthError('param.missing', `client_id is missing; declared are ${known()}`, {
      detail: { name: 'client_id' },
    })
  const client = await findClient(client_id, cx)
  if (client === undefined)
    throw new OAuthError(
      'client.unknown',
      `client ${shown(client_id)} is not declared in tenant ${cx.tenant.name}; declared: ${known()}`,
      { detail: { client_id } },
    )
  cx.exchange.client_id = client.client_id
  assertAdmitted(client, cx)
  return client
}

function replyOf(params: Params, client: ClientConfig, cx: Context): Reply {
  const redirect_uri = assertRedirectUri(only('redirect_uri', params), client, cx)
  return {
    client_id: client.client_id,
    redirect_uri,
    response_mode: replyMode(params, redirect_uri),
    state: first(params, 'state'),
    ...keptOf(params, cx),
  }
}

function keptOf(params: Params, { tenant: { dialect } }: Context): Pick<Reply, 'kept'> {
  const kept = dialect.replyParams.flatMap((name) => {
    const value = first(params, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return kept.length === 0 ? {} : { kept: Object.fromEntries(kept) }
}

/** The one value of a parameter that decides where an answer goes: of two nobody knows which is meant. */
function only(name: string, params: Params): string | undefined {
  const values = every(params, name)
  if (values.length < 2) return values[0]
  throw new OAuthError('param.duplicated', `parameter ${name} came ${values.length} times; send it once`, {
    detail: { name },
  })
}
