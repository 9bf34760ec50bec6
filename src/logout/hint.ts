import { decodeJwt } from 'jose'
import { type ClientConfig, type Context, findClient } from '../context.ts'
import { OAuthError, oneOf } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import { verifyOwnJwt } from '../tokens/own_jwt.ts'

/** Which user a client means, proved by an ID token that it was given. */
export interface Hint {
  readonly claims: Readonly<Record<string, Json>>
  /** The client that the ID token is for, if it is still declared. */
  readonly client: ClientConfig | undefined
}

/**
 * Reads an id_token_hint; one that has expired counts too.
 * @throws OAuthError logout.hint_invalid, logout.client_mismatch
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export async function readHint(text: string, client_id: string | undefined, cx: Context): Promise<Hint> {
  const claimed = claimedAudience(text)
  // A secret speaks for its own client alone, whoever else stands in the audience.
  const asking = claimed.filter((each) => each === client_id)
  const client = await firstKnown(asking.length > 0 ? asking : claimed, cx)
  const expected = { name: 'id_token_hint', reason: 'logout.hint_invalid', client } as const
  const claims = await verifyOwnJwt(text, expected, cx)
  const audience = audienceOf(claims)
  if (client_id === undefined || audience.includes(client_id)) return { claims, client }
  // MUST verify that the client_id is the one that the ID Token was issued to, §2.
  throw new OAuthError(
    'logout.client_mismatch',
    `id_token_hint was issued to client ${oneOf(audience)}, client_id is ${client_id}; send the ID token of that client, or leave client_id out`,
    { detail: { client_id } },
  )
}

/** Before the signature is verified: it may take the secret of the client that is named there. */
function claimedAudience(text: string): readonly string[] {
  try {
    return audienceOf(decodeJwt(text))
  } catch {
    return []
  }
}

function audienceOf({ aud }: { readonly aud?: unknown }): readonly string[] {
  return [aud].flat().filter((each) => typeof each === 'string')
}

async function firstKnown(client_ids: readonly string[], cx: Context): Promise<ClientConfig | undefined> {
  for (const client_id of client_ids) {
    const client = await findClient(client_id, cx)
    if (client !== undefined) return client
  }
  return undefined
}
