import * as v from 'valibot'
import type { Finding } from '../config/problem.ts'
import { fail } from '../config/report.ts'
import { described, strict } from '../config/strict.ts'
import { findClient } from '../context.ts'
import type { Json } from '../protocol/json.ts'
import type { NextLogin } from '../sessions/next_login.ts'
import { hintedName } from '../users/user.ts'
import { call, type Desk, type Noun } from './call.ts'
import { because, Problem } from './problem.ts'
import { changing } from './refused_change.ts'

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 */
const CHARACTERS = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,500}$/

const printable = () =>
  v.pipe(v.string(), v.regex(CHARACTERS, '1 to 500 printable ASCII characters without " and \\'))

const nextLogin = () =>
  strict({
    client: described(v.optional(v.string()), 'client_id; without it whichever client comes first.'),
    user: described(v.optional(v.string()), 'Username of who signs in, without a page.'),
    deny: described(
      v.optional(v.picklist(['login', 'consent'])),
      'The person refuses to sign in, or after the login to allow what the client asks for.',
    ),
    mfa: described(
      v.optional(v.picklist(['done', 'required'])),
      'done: the login has a second factor. required: a page asks for it, and where none may be shown the client hears that it is needed.',
    ),
    error: described(v.optional(printable()), 'An error code that the client gets instead of a login.'),
    error_description: described(v.optional(printable()), 'The text that comes with it.'),
  })

/** How logins to come go. */
export const nextLogins: Noun = {
  name: 'next-login',
  summary: 'How the next login of a client goes',
  calls: [
    call({
      method: 'PUT',
      path: '/next-login',
      summary:
        'Says how the next login of a client goes, beside what waits already. The next authorization request that is right uses it up, a silent one too; so does a device whose verification URL is opened, and the password grant where no user is named.',
      body: nextLogin,
      async answer({ body }, desk) {
        assertMeaning(body)
        const login = await known(body, desk)
        try {
          desk.resident.tenant.nextLogins.add(login)
        } catch (cause) {
          if (cause instanceof RangeError) throw because(cause, 409, cause.message)
          throw cause
        }
        return { status: 204 }
      },
    }),
    {
      method: 'GET',
      path: '/next-login',
      summary: 'What waits to be used, in its order.',
      gives: () => strict({ items: v.array(nextLogin()) }),
      answer: (_asked, { resident }) => ({
        json: { items: resident.tenant.nextLogins.list.map(({ told: _, ...login }) => login as Json) },
      }),
    },
    {
      method: 'DELETE',
      path: '/next-login',
      summary: 'Forgets what waits.',
      answer(_asked, { resident }) {
        resident.tenant.nextLogins.clear()
        return { status: 204 }
      },
    },
  ],
}

/** Rules about what goes together, each with what is wrong where it is broken. */
const CONFLICTS: readonly (readonly [when: (login: NextLogin) => boolean, what: string])[] = [
  [
    ({ user, deny, mfa, error }) => [user, deny, mfa, error].every((each) => each === undefined),
    'it says nothing of the login; expected one of user, deny, mfa, error',
  ],
  [
    ({ error, user, deny, mfa }) =>
      error !== undefined && [user, deny, mfa].some((each) => each !== undefined),
    'error comes instead of a login, so it goes with none of user, deny, mfa',
  ],
  [
    ({ error, error_description }) => error === undefined && error_description !== undefined,
    'error_description came without error; send both',
  ],
  [
    ({ deny, user, mfa }) => deny === 'login' && (user !== undefined || mfa !== undefined),
    'deny: login means that nobody signs in, so it goes with neither user nor mfa; deny: consent goes with both',
  ],
]

function assertMeaning(login: NextLogin): void {
  const broken = CONFLICTS.find(([when]) => when(login))
  if (broken !== undefined) throw new Problem(422, broken[1])
}

/** With the user's own name, where another one was said. @throws Problem 422 with what is not there, and the nearest names */
async function known(login: NextLogin, { resident, context }: Desk): Promise<NextLogin> {
  const cx = context(resident.tenant)
  const { users, clients } = resident.tenant.registry
  const user = hintedName(login.user, cx)
  const client = login.client === undefined ? undefined : await findClient(login.client, cx)
  const findings = [
    ...(login.user !== undefined && user === undefined ? [unknown('user', login.user, users)] : []),
    ...(login.client !== undefined && client === undefined ? [unknown('client', login.client, clients)] : []),
  ]
  if (findings.length > 0) await changing(() => fail({ findings }, { file: 'body' }))
  return { ...login, ...(user !== undefined && { user }) }
}

function unknown(what: 'user' | 'client', name: string, there: ReadonlyMap<string, unknown>): Finding {
  const message = `there is no ${what} ${name}`
  return { path: [what], message, name, among: [...there.keys()], list: 'declared' }
}
