/** What Entra's tokens and answers say of a user, where it takes more than looking up. */
import type { Facts, Situation } from '../hooks.ts'
import { ASKED_DEFAULT, GRAPH } from './entra_request.ts'

const OPENID = ['openid', 'profile', 'email']
const OF_NO_API = [...OPENID, 'offline_access', 'address', 'phone']

/** What an API without scopes of its own gets. */
const FULL_ACCESS = 'user_impersonation'

/** The facts for one token or answer. */
export function entraFacts(facts: Facts, at: Situation): Facts {
  if (facts['kind'] === 'id_token') return idTokenFacts(facts, at)
  return facts['kind'] === 'user' ? userFacts(facts, at) : {}
}

/** Hashes stand only in an ID token that went through the browser, some claims only where they were asked for. */
function idTokenFacts(facts: Facts, { endpoint }: Situation): Facts {
  const { claims, wanted, login } = facts as Typed
  const known = { auth_time: login.auth_time, sid: login.sid, login_hint: login.username }
  const asked = Object.entries(known).filter(([name]) => Object.hasOwn(wanted, name))
  return { front: endpoint === 'token' ? {} : claims, asked: Object.fromEntries(asked) }
}

/** What stands among the facts of user and ID tokens. */
type Typed = Facts & {
  readonly claims: Facts
  readonly wanted: Facts
  readonly login: { readonly username: string; readonly auth_time: number; readonly sid?: string }
  readonly scopes: readonly string[]
  readonly param: Readonly<Record<string, string | undefined>>
  readonly resource: { readonly identifier: string; readonly scopes: readonly string[] }
  readonly tenant: { readonly id: string }
}

function userFacts(facts: Facts, { face }: Situation): Facts {
  const { scopes, param, aud, tenant, grant_type, refresh_token } = facts as Typed
  const target = facts['declared_aud'] === undefined ? [GRAPH[0]] : (aud as readonly string[])
  const scope = GRAPH.some((name) => target.includes(name)) ? ofGraph(scopes) : ofApi(facts as Typed)
  const refreshes = face === 'v1' || scopes.includes('offline_access') || grant_type === 'refresh_token'
  return {
    target,
    ...scope,
    shown_refresh_token: refreshes ? refresh_token : undefined,
    client_info:
      param['client_info'] === '1' ? encoded({ uid: facts['local_sub'], utid: tenant.id }) : undefined,
  }
}

interface Scope {
  /** The claim `scp`. */
  readonly scp: string
  /** The answer's `scope`, each one with its resource. */
  readonly granted: string
}

function ofGraph(scopes: readonly string[]): Scope {
  const scp = scopes.filter((scope) => scope !== 'offline_access').join(' ')
  return { scp, granted: scp }
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
