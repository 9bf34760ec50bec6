import type { Account, Context, UserConfig } from '../context.ts'
import { shown } from '../protocol/errors.ts'
import { isTooDeep, type Json } from '../protocol/json.ts'
import { first, type Params } from '../protocol/params.ts'
import type { Reason } from '../protocol/reasons.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import { TOKEN_CLAIMS } from '../protocol/token_claims.ts'
import { accountOf, foreignAccount } from './home.ts'
import { hintedUser } from './user.ts'

/** Who a form says is there, and how it was shown; `amr` as RFC 8176 names it. */
export interface Identity extends Account {
  readonly claims?: Readonly<Record<string, Json>>
  readonly amr: readonly string[]
}

/** MUST NOT exceed 255 ASCII characters. @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
const SUB = /^[\x20-\x7e]{1,255}$/

/** What is wrong with a form, and which of its fields. */
export interface Mistyped {
  readonly problem: string
  readonly field: 'username' | 'password' | 'claims'
  /** Absent: who it is, or their password, is wrong. */
  readonly reason?: Reason
}

/** Reads the login form: a card of the picker, or a name that was typed. */
export function identify(form: Params, cx: Context): Identity | Mistyped {
  const { mode } = cx.tenant.config.login
  const picked = first(form, 'user')
  if (picked !== undefined && mode !== 'form') return pick(picked, cx)
  const username = first(form, 'username')
  if (username === undefined) return { problem: 'Type a username.', field: 'username' }
  if (username.length > 256)
    return { problem: 'The username is longer than 256 characters.', field: 'username' }
  const claims = editedClaims(first(form, 'claims'))
  if (typeof claims === 'string') return { problem: claims, field: 'claims' }
  const edits = claims === undefined ? {} : { claims }
  const user = mode === 'form' ? checkPassword(username, first(form, 'password'), cx) : named(username, cx)
  if ('problem' in user) return user
  return { ...accountOf(user.username, cx), ...edits, amr: [mode === 'form' ? 'pwd' : 'user'] }
}

function pick(username: string, cx: Context): Identity | Mistyped {
  const { tenant } = cx
  if (tenant.registry.users.has(username)) return { ...accountOf(username, cx), amr: ['user'] }
  return { problem: `${shown(username)} is no user of tenant ${tenant.name} any more.`, field: 'username' }
}

/** A declared user may be called by other names; anybody else is taken at their word, unless they are of elsewhere. */
function named(typed: string, cx: Context): Pick<UserConfig, 'username'> | Mistyped {
  return hintedUser(typed, cx) ?? foreign(typed, cx) ?? { username: typed }
}

function foreign(typed: string, cx: Context): Mistyped | undefined {
  const owner = foreignAccount(typed, cx)
  if (owner === undefined) return undefined
  const { name } = cx.tenant
  return {
    problem: `User account ${shown(typed)} of tenant ${owner} does not exist in tenant ${name}, so it cannot sign in to an application here. Sign in with another account, or declare a guest of that name under the users of ${name}.`,
    field: 'username',
    reason: 'login.other_tenant',
  }
}

/** A user without a password signs in with any or none; who is not declared does not sign in by password. */
export function checkPassword(
  typed: string,
  password: string | undefined,
  cx: Context,
): UserConfig | Mistyped {
  const user = hintedUser(typed, cx)
  if (user === undefined)
    return (
      foreign(typed, cx) ?? {
        problem: `There is no user ${shown(typed)} in tenant ${cx.tenant.name}; add one under users.`,
        field: 'username',
      }
    )
  if (user.password === undefined || isSameSecret(user.password, password ?? '')) return user
  return { problem: `The password is not that of ${user.username} in the configuration.`, field: 'password' }
}

type Claims = Readonly<Record<string, Json>>

function editedClaims(text: string | undefined): Claims | string | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'Claims are a JSON object, for example {"roles": ["admin"]}.'
  const own = Object.keys(value).find(isOfTokens)
  if (own !== undefined) return `${own} is a claim that only the provider sets.`
  const { sub } = value as Claims
  if (sub !== undefined && !(typeof sub === 'string' && SUB.test(sub)))
    return 'sub is 1 to 255 printable ASCII characters.'
  const list = ['roles', 'groups'].find((name) =>
    ([(value as Claims)[name]] as unknown[]).flat().some(isObject),
  )
  if (list !== undefined) return `${list} is a list of names, for example ["admin"].`
  if (isTooDeep(value)) return 'Claims are nested too deep.'
  return value as Claims
}

/** A login may say under which sub, but nothing else of what a token says of itself. */
function isOfTokens(name: string): boolean {
  return (name !== 'sub' && Object.hasOwn(TOKEN_CLAIMS, name)) || name === '__proto__'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
