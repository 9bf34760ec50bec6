import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { UserGrant } from './user_grant.ts'

/** What is signed, not the text: the text of an ECDSA signature can be changed without breaking it. */
export function signedId(jwt: string): string {
  return createHash('sha256')
    .update(jwt.slice(0, jwt.lastIndexOf('.')))
    .digest('base64url')
}

/** Remembers what a JWT access token was issued for; the token itself says only a part of it. */
export async function rememberGrant(
  jwt: string,
  { grant, expires }: { readonly grant: UserGrant; readonly expires: number },
  { tenant }: Context,
): Promise<void> {
  await tenant.store.add('token_grant', signedId(jwt), grant, expires)
}

/** What a JWT access token was issued for; undefined for one that no user granted, or that was made without a flow. */
export async function grantOf(id: string, { tenant }: Context): Promise<UserGrant | undefined> {
  return (await tenant.store.get('token_grant', id)) as UserGrant | undefined
}
