import * as v from 'valibot'
import { timestamp } from '../clock.ts'
import { strict } from '../config/strict.ts'
import type { Context } from '../context.ts'
import { signOut } from '../logout/sign_out.ts'
import { shown } from '../protocol/errors.ts'
import type { Session } from '../sessions/session.ts'
import type { Answered, Desk, Noun } from './call.ts'
import { isOfTenant } from './of_tenant.ts'
import { Problem } from './problem.ts'

const session = () =>
  strict({
    sid: v.string(),
    user: v.string(),
    clients: v.array(v.string()),
    auth_time: v.string(),
    expires: v.string(),
  })

const ended = () =>
  strict({
    ended: v.pipe(v.number(), v.description('How many sessions were ended.')),
    trouble: v.pipe(v.array(v.string()), v.description('Clients that could not be told of it.')),
  })

/** Logins that live: people at browsers. */
export const sessions: Noun = {
  name: 'sessions',
  summary: 'Logins that live',
  calls: [
    {
      method: 'GET',
      path: '/sessions',
      summary: 'The sessions of browsers, oldest first.',
      gives: () => strict({ items: v.array(session()) }),
      async answer(_asked, desk) {
        return { json: { items: (await live(desk)).map(facts) } }
      },
    },
    {
      method: 'DELETE',
      path: '/sessions',
      summary:
        'Ends all sessions, as an administrator would: refresh tokens bound to them are worth nothing any more, and clients are told by back-channel logout.',
      gives: ended,
      async answer(_asked, desk) {
        return end(
          (await live(desk)).map((each) => each.session.sid),
          desk,
        )
      },
    },
    {
      method: 'DELETE',
      path: '/sessions/{sid}',
      summary: 'Ends one session in the same way.',
      gives: ended,
      async answer({ named: { sid = '' } }, desk) {
        const found = (await live(desk)).find((each) => each.session.sid === sid)
        if (found === undefined)
          throw new Problem(404, `there is no session ${shown(sid)}; it may have ended or run out`)
        return end([sid], desk)
      },
    },
  ],
}

interface Live {
  readonly session: Session
  /** Seconds. */
  readonly expires: number
}

async function live({ resident: { tenant } }: Desk): Promise<readonly Live[]> {
  const all = await tenant.store.list('session')
  return all
    .map(({ record, expires }) => ({ session: record as Session, expires }))
    .filter(({ session: { login } }) => isOfTenant(login, tenant))
}

/** One by one, so that the cookie's secret never comes along. */
function facts({ session: { sid, login, clients }, expires }: Live) {
  return {
    ...{ sid, user: login.username, clients: [...clients] },
    auth_time: timestamp(login.auth_time * 1000),
    expires: timestamp(expires * 1000),
  }
}

async function end(sids: readonly string[], { resident, context }: Desk): Promise<Answered> {
  const cx: Context = context(resident.tenant)
  await signOut({ kind: 'logout', sids }, cx)
  return { json: { ended: sids.length, trouble: [...(cx.exchange.trouble ?? [])] } }
}
