/** Claims that only some applications get. @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
import type { Facts, Situation } from '../hooks.ts'
import { type Json, type Members, membersOf } from '../protocol/json.ts'
import { random } from '../random.ts'
import { groupClaims, type Wanted } from './entra_groups.ts'
import { isGuest, type Known } from './entra_person.ts'
import { isGraph } from './entra_resources.ts'

type About = Known & {
  readonly kind: string
  readonly mount: string
  readonly group_ids: () => readonly string[]
  readonly upn?: Json
  readonly login: { readonly username: string; readonly auth_time: number; readonly sid?: string }
  readonly request: { readonly ip: string }
  readonly client: { readonly client_name?: string; readonly entra?: Wanted }
  readonly resource: { readonly entra?: Wanted }
  readonly target?: readonly string[]
  readonly aud?: readonly string[]
  readonly param?: Readonly<Record<string, string | undefined>>
}

type Sources = Readonly<Record<string, (about: About) => Json | undefined>>

/** The region that the metadata names, and a country and language in it. */
const OF_TENANT: Sources = {
  tenant_ctry: () => 'IE',
  tenant_region_scope: () => 'EU',
  xms_tpl: () => 'en',
}

const OF_CLIENT: Sources = { ...OF_TENANT, idtyp: () => 'app' }

/** The table of what can be asked for, but groups and wids; what nobody knows of a user stays out. */
const OF_USER: Sources = {
  ...OF_TENANT,
  acct: ({ user }) => (isGuest(user) ? 1 : 0),
  auth_time: ({ login }) => login.auth_time,
  ctry: ({ person }) => (person['address'] as Readonly<Record<string, Json>> | undefined)?.['country'],
  email: ({ person }) => person['email'],
  family_name: ({ person }) => person['family_name'],
  given_name: ({ person }) => person['given_name'],
  idtyp: () => 'user',
  ipaddr: ({ request }) => request.ip,
  login_hint: ({ login }) => login.username,
  sid: ({ login }) => login.sid,
  upn: ({ upn }) => upn,
  verified_primary_email: ({ person: { email } }) => (email === undefined ? undefined : [email]),
  xms_pl: ({ person }) => person['locale'],
}

/** What a token for Graph always says beside the rest. */
const OF_GRAPH = ['idtyp', 'tenant_region_scope'] as const

/** The claims that the application of a token asked for in its registration, or its client in this request. */
export function extraClaims(facts: Facts, at: Situation): Members {
  const about = facts as unknown as About
  const isUser = about.kind !== 'client'
  const wanted = (about.kind === 'id_token' ? about.client.entra : about.resource.entra) ?? {}
  const sources = isUser ? OF_USER : OF_CLIENT
  const forGraph = about.kind !== 'id_token' && isForGraph(about)
  const names = [...(forGraph ? OF_GRAPH : []), ...(wanted.optional_claims ?? [])]
  return membersOf(
    {
      ...(forGraph && { app_displayname: about.client.client_name }),
      ...Object.fromEntries(names.map((name) => [name, sources[name]?.(about)])),
      ...(isUser && groupClaims(about, wanted, at)),
      xms_cc: about.kind === 'id_token' ? undefined : capabilities(about),
    },
    'dialect entra',
  )
}

function isForGraph({ target, aud = [] }: About): boolean {
  return (target ?? aud).some(isGraph)
}

/**
 * Tokens for Graph have a nonce in the header.
 * lenient: the real signature covers its hash instead, so that nobody but Graph can verify such a token.
 */
export function graphFacts(facts: Facts): Facts {
  const { kind, declared_aud, aud } = facts as { readonly kind: string } & Readonly<
    Record<'declared_aud' | 'aud', readonly string[] | undefined>
  >
  if (kind === 'id_token') return {}
  // Without an audience a user's token is for Graph.
  const isFor = declared_aud === undefined ? kind === 'user' : (aud ?? []).some(isGraph)
  return isFor ? { graph_nonce: random.token(43) } : {}
}

/** What the client says it can do: cp1 is to understand a claims challenge. @see https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function capabilities({ param }: About): Json | undefined {
  const text = param?.['claims']
  if (text === undefined) return undefined
  const values = valuesOf(text)
  const known = values.some((value) => String(value).toLowerCase() === 'cp1')
  return known ? ['cp1'] : undefined
}

function valuesOf(text: string): readonly unknown[] {
  try {
    const claims = JSON.parse(text) as { access_token?: { xms_cc?: { values?: unknown } } } | null
    return [claims?.access_token?.xms_cc?.values].flat()
  } catch {
    return []
  }
}
