/** A way to get tokens. The token endpoint authenticates the client and checks that it may use the grant; a grant adds only what is its own. */

import type { ClientConfig, Context } from '../context.ts'
import type { Params } from '../protocol/params.ts'
import type { AccessToken } from '../tokens/access_token.ts'
import type { ClientProof } from '../tokens/request.ts'

export interface GrantRequest {
  readonly client: ClientConfig
  readonly proof: ClientProof
  readonly isPublic: boolean
  readonly params: Params
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
  exchange(request: GrantRequest, cx: Context): Promise<Granted>
}
