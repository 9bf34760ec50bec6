/** Text that wants to be markup, and every page filled with text. */
import fc from 'fast-check'
import { adminConsentPage } from '../../src/pages/admin_consent_page.ts'
import { consentPage } from '../../src/pages/consent_page.ts'
import { deviceDonePage } from '../../src/pages/device_done_page.ts'
import { devicePage } from '../../src/pages/device_page.ts'
import { errorPage } from '../../src/pages/error_page.ts'
import { formPostPage } from '../../src/pages/form_post_page.ts'
import { loginPage } from '../../src/pages/login_page.ts'
import { logoutPage } from '../../src/pages/logout_page.ts'
import { secondFactorPage } from '../../src/pages/second_factor_page.ts'
import { signedOutPage } from '../../src/pages/signed_out_page.ts'
import type { AskedView, ClientView, LoginField, LoginView, UserView } from '../../src/pages/views.ts'
import type { EndpointResponse } from '../../src/protocol/messages.ts'

const CHARACTERS = [
  ...'<>"\'&`=/\\-!;, \n\r\t\f\0\x0b\x7f\u0085\xa0\u0301\u2028\u202e\ufeff\ufffe😀éﬃß',
  '\ud800',
  '\udfff',
]
const ENTITIES = '&lt; &lt &#60; &#x3c &amp; &quot; &#0; &NewLine; &notit; &copy &#13; &#x80;'.split(' ')
const TAGS =
  '<script> </script> </style> </title> </textarea> </table> </form> <form> </button> </main> </body></html>'
const OTHER_MARKUP = '<!-- --> --!> <![CDATA[ ]]> <?x?> <!x> <base/href=//x> <svg/onload=alert(1)>'
const WORDS = 'alice __proto__ {"a":1} $& $1 `1` %3Cscript%3E'
const PHRASES = ['" onfocus="alert(1)', "' autofocus='", '"><img src=x onerror=alert(1)>', "'; script-src *"]

const fragment = fc.oneof(
  fc.constantFrom(...CHARACTERS),
  fc.constantFrom(...ENTITIES),
  fc.constantFrom(...`${TAGS} ${OTHER_MARKUP} ${WORDS}`.split(' '), ...PHRASES, 'a'.repeat(300)),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
const rest = fc.array(fragment, { maxLength: 5 }).map((fragments) => fragments.join(''))
const after = (...openings: string[]) =>
  fc.tuple(fc.constantFrom(...openings), rest).map(([opening, text]) => opening + text)

/** What a text is to a link, with a harmless one of that kind; the texts of a page are of these kinds in turn. */
export const KINDS = [
  { text: after('', '', '//', '\n', '\r\n'), word: (id: string) => id },
  {
    text: after('https://host.test/', 'http://h:1/?', 'HTTPS:/\\h/', ' http://[::1]/', 'ht\ntp://h/#'),
    word: (id: string) => `https://${id}.test/`,
  },
  { text: after('com.example:/x', 'urn:x:', 'app://host/'), word: (id: string) => `app:${id}` },
  {
    text: after('javascript:', ' JaVa\tScRiPt:', '\x01javascript:', 'data:text/html,', 'vbscript:', 'blob:'),
    word: (id: string) => id,
  },
] as const

/** Hosts of every kind. */
export const hostileUrl = after('https://', 'https://a', 'http:', 'https://ß')

/** Where the next text of a page comes from. */
export type Next = () => string

const several = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

/** Every page with a text of its own in every field; with its lists it holds some hundred of them. */
export const PAGES: readonly (readonly [name: string, page: (next: Next) => EndpointResponse])[] = [
  ['login with cards', (next) => loginPage(loginView(next, 'picker', 'username'))],
  ['login with a password', (next) => loginPage({ ...loginView(next, 'form', 'claims'), create: true })],
  [
    'consent',
    (next) =>
      consentPage({ ...begun(next), asked: asked(next), user: user(next), claims: several(60, next) }),
  ],
  ['second factor', (next) => secondFactorPage({ ...begun(next), asked: asked(next), user: user(next) })],
  [
    'consent of an administrator',
    (next) => adminConsentPage({ ...begun(next), asked: asked(next), organisation: next() }),
  ],
  [
    'consent for a device',
    (next) =>
      consentPage({
        ...begun(next),
        asked: askedByDevice(next),
        user: user(next),
        claims: several(60, next),
      }),
  ],
  ['device', (next) => devicePage({ ...frame(next), user_code: next(), problem: next() })],
  ['device done', (next) => deviceDonePage({ ...frame(next), client: client(next), allowed: true })],
  [
    'logout',
    (next) => logoutPage({ ...begun(next), user: user(next, 8), client: client(next), problem: next() }),
  ],
  [
    'signed out',
    (next) => signedOutPage({ ...frame(next), frames: several(96, next), next: next(), problem: next() }),
  ],
  [
    'form post',
    (next) => formPostPage({ ...frame(next), action: next(), params: several(50, () => pair(next)) }),
  ],
  [
    'error',
    (next) =>
      errorPage({
        ...{ ...frame(next), status: 400, title: next(), error: next(), reason: next() },
        ...{ description: next(), wording: next(), facts: several(50, () => pair(next)) },
      }),
  ],
]

const frame = (next: Next) => ({ tenant: next(), issuer: next() })
const begun = (next: Next) => ({ ...frame(next), interaction: next() })
const pair = (next: Next): readonly [string, string] => [next(), next()]

function loginView(next: Next, mode: 'picker' | 'form', problem_at: LoginField): LoginView {
  const users = several(4, () => user(next, 8))
  // No user is called so: which card is marked must not hang on chance.
  const typed = { username: `hint ${next()}`, claims: next(), problem: next(), problem_at }
  return { ...begun(next), mode, asked: asked(next), users, total: 11, ...typed, create: false }
}

function asked(next: Next): AskedView {
  const scopes = several(5, () => ({ scope: next(), claims: several(3, next) }))
  return { client: client(next), redirect_uri: next(), scopes, resources: several(5, next) }
}

function askedByDevice(next: Next): AskedView {
  const { redirect_uri: _none, ...rest } = asked(next)
  return { ...rest, user_code: next() }
}

function client(next: Next): ClientView {
  const uris = { client_uri: next(), logo_uri: next(), policy_uri: next(), tos_uri: next() }
  return { client_id: next(), name: next(), ...uris }
}

function user(next: Next, count = 2): UserView {
  const lists = { roles: several(count, next), groups: several(count, next) }
  return { username: next(), name: next(), email: next(), ...lists }
}
