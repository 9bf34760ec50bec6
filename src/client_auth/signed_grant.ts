import { type Context, findClient } from '../context.ts'
import { first } from '../protocol/params.ts'
import type { AuthenticatedClient } from './authenticate.ts'
import { certificateOf } from './certificate.ts'
import { type Carrier, isBare } from './method.ts'
import { hasKeys } from './none.ts'

/**
 * The client whose grant is signed with its own key, where it shows nothing else: the grant verifies the signature.
 * @see https://www.rfc-editor.org/rfc/rfc7521.html#section-4.1
 */
export async function signedByClient(
  client_id: string | undefined,
  carrier: Carrier,
  cx: Context,
): Promise<AuthenticatedClient | undefined> {
  if (client_id === undefined || !isBare(carrier)) return undefined
  if (![undefined, client_id].includes(first(carrier.params, 'client_id'))) return undefined
  const client = await findClient(client_id, cx)
  if (client === undefined || !hasKeys(client)) return undefined
  cx.exchange.client_id = client_id
  return { client, proof: 'assertion', isPublic: false, certificate: certificateOf(carrier, cx) }
}
