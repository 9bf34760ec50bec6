/** How a client proves who it is. One file a method, named by its `token_endpoint_auth_method`. */
import type { ClientConfig, Context } from '../context.ts'
import type { Request } from '../protocol/messages.ts'
import { first, type Params } from '../protocol/params.ts'
import type { ClientProof } from '../tokens/request.ts'
import type { ClientAssertion } from './assertion.ts'

/** The part of a request that can carry credentials. */
export interface Carrier extends Pick<Request, 'headers' | 'query' | 'certificate'> {
  readonly params: Params
}

/** The same with what two methods share: the client assertion, read once. */
export interface Credentials extends Carrier {
  readonly assertion: ClientAssertion | undefined
}

/** A method that a request makes use of, and whom it claims to be. */
export interface Attempt {
  readonly client_id: string | undefined
  /** @throws OAuthError where the proof does not hold */
  verify(client: ClientConfig, cx: Context): Promise<void>
}

export interface ClientAuthMethod {
  /** The registered value of `token_endpoint_auth_method`. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
  readonly name: string
  readonly proof: ClientProof
  /** Whether a client that registered no method has what this one needs. */
  fits(client: ClientConfig): boolean
  /** The use that the request makes of this method; undefined where it makes none. */
  attempt(credentials: Credentials): Attempt | undefined
}

const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type']

/**
 * The client_id of a request that shows no credentials: of a public client, or one that its connection speaks for.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2
 */
export function bareClientId(carrier: Carrier): string | undefined {
  return isBare(carrier) ? first(carrier.params, 'client_id') : undefined
}

/** Whether a request shows no credentials. */
export function isBare({ headers, params }: Carrier): boolean {
  return headers['authorization'] === undefined && !CREDENTIALS.some((name) => params.has(name))
}
