import { type ClientConfig, type Context, findClient, issuerOf } from '../context.ts'
import type { Session } from '../sessions/session.ts'
import { homeOf } from '../users/home.ts'
import type { Logout } from './logout.ts'

/** A client that took part in a session that has ended. */
export interface Party {
  readonly client: ClientConfig
  readonly session: Session
  /** The issuer as the client knows it. */
  readonly iss: string
}

/** Everybody who is to be told. */
export async function partiesOf(
  sessions: readonly Session[],
  { client_id: asking, iss }: Logout,
  cx: Context,
): Promise<readonly Party[]> {
  const each = sessions.flatMap((session) =>
    session.clients.map(async (client_id) => {
      const client = await findClient(client_id, cx)
      // A client may know the provider by another address than this browser; its own ID token tells.
      const known = client_id === asking ? iss : undefined
      return client === undefined
        ? []
        : [{ client, session, iss: known ?? issuerOf(homeOf(session.login, cx)) }]
    }),
  )
  return (await Promise.all(each)).flat()
}
