/** A way to get tokens. The token endpoint authenticates the client and checks that it may use the grant; a grant adds only what is its own. */

import type { ClientConfig, Context, EndpointName } from '../context.ts'
import type { Params } from '../protocol/params.ts'
import type { AccessToken } from '../tokens/access_token.ts'
import type { Confirmation } from '../tokens/confirmation.ts'
import type { ClientProof } from '../tokens/request.ts'

export interface GrantRequest {
  readonly client: ClientConfig
  readonly proof: ClientProof
  readonly isPublic: boolean
  /** The certificate that the tokens are bound to, if to any. */
  readonly confirmation: Confirmation | undefined
  readonly params: Params
  /** Of the page whose script asks; absent where a program does. @see https://www.rfc-editor.org/rfc/rfc6454.html#section-7 */
  readonly origin?: string | undefined
}

/** What a grant gives; the endpoint writes the answer. */
export interface Granted {
  readonly access_token: AccessToken
  readonly id_token?: string | undefined
  readonly refresh_token?: string | undefined
}

export interface Grant {
  /** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-1.3 */
  readonly grant_type: string
  /** The endpoint where it begins: who has none has no such grant. */
  readonly begins?: EndpointName
  /** The client that signed what it sends, which proves the client as well: it need not authenticate otherwise. */
  signer?(params: Params, cx: Context): string | undefined
  exchange(request: GrantRequest, cx: Context): Promise<Granted>
}
