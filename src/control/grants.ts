import * as v from 'valibot'
import { timestamp } from '../clock.ts'
import { strict } from '../config/strict.ts'
import { shown } from '../protocol/errors.ts'
import type { Noun } from './call.ts'
import { type Live, liveGrants, revoke } from './live_grants.ts'
import { Problem } from './problem.ts'

const grant = () =>
  strict({
    id: v.pipe(v.string(), v.description('A fingerprint: it opens nothing.')),
    kind: v.picklist(['code', 'refresh_token', 'access_token', 'device_code']),
    client_id: v.string(),
    user: v.optional(v.string()),
    scope: v.optional(v.string()),
    expires: v.string(),
  })

/** What clients were granted and can still use. */
export const grants: Noun = {
  name: 'grants',
  summary: 'What clients were granted',
  calls: [
    {
      method: 'GET',
      path: '/grants',
      summary:
        'Codes, refresh tokens, device codes and access tokens that can still be used; of the JWTs those that users granted, for the provider remembers no others.',
      gives: () => strict({ items: v.array(grant()) }),
      async answer(_asked, desk) {
        return { json: { items: (await liveGrants(desk)).map(facts) } }
      },
    },
    {
      method: 'DELETE',
      path: '/grants',
      summary: 'Revokes all of them.',
      async answer(_asked, desk) {
        await Promise.all((await liveGrants(desk)).map((each) => revoke(each, desk)))
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path: '/grants/{id}',
      summary:
        'Revokes one, with all that came of the same login at the client. A device that waits hears that the user refused.',
      async answer({ named: { id = '' } }, desk) {
        const found = (await liveGrants(desk)).find((each) => each.id === id)
        if (found === undefined)
          throw new Problem(404, `there is no grant ${shown(id)}; it may have been used, revoked, or run out`)
        await revoke(found, desk)
        return { status: 204 }
      },
    },
  ],
}

function facts({ id, kind, client_id, grant: granted, scopes, expires }: Live) {
  return {
    ...{ id, kind, client_id },
    ...(granted !== undefined && { user: granted.login.username }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    expires: timestamp(expires * 1000),
  }
}
