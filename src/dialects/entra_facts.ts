/** What Entra's tokens and answers say of a user, where it takes more than looking up. */
import type { Facts, Situation } from '../hooks.ts'
import { accountAtHome, type Known, personFacts } from './entra_person.ts'
import { ASKED_DEFAULT, ASKED_GRAPH } from './entra_request.ts'
import { GRAPH, isGraph } from './entra_resources.ts'
import { challengeFacts } from './entra_user_errors.ts'

const OPENID = ['openid', 'profile', 'email']
const OF_NO_API = [...OPENID, 'offline_access', 'address', 'phone']

/** What an API without scopes of its own gets. */
const FULL_ACCESS = 'user_impersonation'

/** What Graph gives where all is asked for and nothing is declared. */
const SIGN_IN_AND_READ = 'User.Read'

/** The facts for one token or answer. */
export function entraFacts(facts: Facts, at: Situation): Facts {
  if (facts['kind'] === 'id_token') return idTokenFacts(facts, at)
  if (facts['kind'] === 'user') return userFacts(facts, at)
  if (facts['error'] !== undefined) return challengeFacts()
  // An authorization response that has a user.
  return facts['local_sub'] === undefined ? {} : { client_info: clientInfo(facts as Typed) }
}

/** Hashes stand only in an ID token that went through the browser, some claims only where they were asked for. */
function idTokenFacts(facts: Facts, { endpoint }: Situation): Facts {
  const { claims, wanted, login } = facts as Typed
  const known = { auth_time: login.auth_time, sid: login.sid, login_hint: login.username }
  const asked = Object.entries(known).filter(([name]) => Object.hasOwn(wanted, name))
  return {
    ...personFacts(facts as Typed),
    front: endpoint === 'token' ? {} : claims,
    asked: Object.fromEntries(asked),
  }
}

/** What stands among the facts of user and ID tokens. */
type Typed = Known & {
  readonly claims: Facts
  readonly wanted: Facts
  readonly login: { readonly username: string; readonly auth_time: number; readonly sid?: string }
  readonly iat: number
  readonly refresh_until?: number
  readonly scopes: readonly string[]
  readonly param: Readonly<Record<string, string | undefined>>
  readonly resource: { readonly identifier: string; readonly scopes: readonly string[] }
}

function userFacts(facts: Facts, { face }: Situation): Facts {
  const known = facts as Typed
  const { scopes, param, aud, iat, refresh_until, refresh_token } = known
  const target =
    known['declared_aud'] === undefined ? [param[ASKED_GRAPH] ?? GRAPH.id] : (aud as readonly string[])
  const isAsked = face === 'v1' || scopes.includes('offline_access')
  const refreshes = isAsked || known['grant_type'] === 'refresh_token'
  return {
    // Claims are made of the person; an answer is made when they are.
    ...(known.person !== undefined && personFacts(known)),
    target,
    ...(target.some(isGraph) ? ofGraph(known) : ofApi(known)),
    shown_refresh_token: refreshes ? refresh_token : undefined,
    refresh_token_expires_in:
      refreshes && refresh_token !== undefined && refresh_until !== undefined
        ? refresh_until - iat
        : undefined,
    client_info: clientInfo(known),
  }
}

/** The account, for clients that ask to be told it. */
function clientInfo(known: Typed): string | undefined {
  return known.param['client_info'] === '1' ? encoded(accountAtHome(known)) : undefined
}

interface Scope {
  /** The claim `scp`. */
  readonly scp: string
  /** The answer's `scope`, each one as it was asked for: clients find tokens again by it. */
  readonly granted: string
}

function ofGraph({ scopes, resource, param }: Typed): Scope {
  const { [ASKED_DEFAULT]: all, [ASKED_GRAPH]: name } = param
  const asked = scopes.filter((scope) => !OF_NO_API.includes(scope))
  const usual = resource.scopes.length > 0 ? resource.scopes : [SIGN_IN_AND_READ]
  const own = asked.length === 0 && all !== undefined ? usual : asked
  const ofUser = scopes.filter((scope) => OF_NO_API.includes(scope) && scope !== 'offline_access')
  const named = own.map((scope) => (name === undefined ? scope : `${name}/${scope}`))
  return {
    scp: [...own, ...ofUser].join(' '),
    granted: [...named, ...(all === undefined ? [] : [all]), ...ofUser].join(' '),
  }
}

/** The scopes of the API that were asked for, else all that it has. */
function ofApi({ scopes, resource, param }: Typed): Scope {
  const asked = scopes.filter((scope) => !OF_NO_API.includes(scope))
  const own = [asked, resource.scopes, [FULL_ACCESS]].find((each) => each.length > 0) as readonly string[]
  const granted = [
    ...own.map((scope) => `${resource.identifier}/${scope}`),
    ...(param[ASKED_DEFAULT] === undefined ? [] : [param[ASKED_DEFAULT]]),
    ...scopes.filter((scope) => OPENID.includes(scope)),
  ]
  return { scp: own.join(' '), granted: granted.join(' ') }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
