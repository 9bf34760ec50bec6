import { type ClientConfig, type Context, facts } from '../context.ts'
import { bend } from '../hooks.ts'
import { subjectFor } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import type { UserGrant } from './user_grant.ts'

/** What a refresh token stands for. */
export interface RefreshToken {
  readonly grant: UserGrant
  /** Seconds. */
  readonly expires: number
}

/** An expired or used one is remembered for a day, so that a late client is told why. */
const REMEMBERED = 86_400

/** Seconds that a refresh token of this client is good for. */
export function refreshLifetime(
  { refresh_token }: ClientConfig,
  { tenant }: Pick<Context, 'tenant'>,
): number {
  const { config, dialect } = tenant
  return refresh_token.lifetime ?? config.lifetimes.refresh_token ?? dialect.lifetimes.refresh_token
}

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-1.5 */
export async function issueRefreshToken(
  grant: UserGrant,
  client: ClientConfig,
  cx: Context,
): Promise<string> {
  const { store, clock, random, hooks } = cx.tenant
  const iat = clock.seconds()
  const expires = Math.min(iat + refreshLifetime(client, cx), grant.refresh_until ?? Number.POSITIVE_INFINITY)
  const { client_id, login, scopes, offline } = grant
  const sub = subjectFor(userOf(login, cx), client, cx)
  const known = { kind: 'refresh_token', iat, exp: expires, sub, client: { client_id }, login, offline }
  const text = bend('text', hooks, random.token(43), {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts: facts(cx, { ...known, scope: scopes.join(' ') }),
  })
  await store.add('refresh_token', text, { grant, expires } satisfies RefreshToken, expires + REMEMBERED)
  return text
}

/** The token's record, also when it was used or has expired. */
export async function findRefreshToken(text: string, { tenant }: Context): Promise<RefreshToken | undefined> {
  return (await tenant.store.get('refresh_token', text)) as RefreshToken | undefined
}

/** Uses a rotated token up: of any number of callers exactly one is told that it was the first. */
export function useRefreshToken(
  text: string,
  { expires }: RefreshToken,
  { tenant }: Context,
): Promise<boolean> {
  return tenant.store.add('used_refresh_token', text, true, expires + REMEMBERED)
}

/** Whether a token was rotated away. */
export async function isUsed(text: string, { tenant }: Context): Promise<boolean> {
  return (await tenant.store.get('used_refresh_token', text)) !== undefined
}
