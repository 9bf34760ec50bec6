/** Tokens as a provider makes them: claims and header by the kind of the token. */
import type { Facts, Hooks, Situation } from '../hooks.ts'
import { type Json, type Members, objectOf, overlay, stringify } from '../protocol/json.ts'
import { random } from '../random.ts'
import type { ByKey, Description, ObjectTemplate } from './description.ts'
import { byKey } from './members_hook.ts'
import { compileObject } from './template.ts'

/** The templates for each kind of token. */
const TEMPLATES = { client: 'claims', user: 'userClaims', id_token: 'idTokenClaims' } as const
type Kind = keyof typeof TEMPLATES

const KINDS = Object.keys(TEMPLATES) as Kind[]

/** Where the claims of a kind stand, as `claims_in` names it. */
const PLACES: Readonly<Record<string, string>> = { user: 'access_token', id_token: 'id_token' }

function keyOf({ face, facts }: Situation): string {
  return facts['kind'] === 'id_token' ? face : String(facts['version'] ?? '')
}

/** The dialect's claims in its order; what the configuration sets comes last and wins. */
export function claimsHook(description: Description): Hooks['claims'] {
  const from = `dialect ${description.name}`
  const finders = new Map(
    KINDS.flatMap((kind) => {
      const templates = description[TEMPLATES[kind]]
      return templates === undefined ? [] : [[kind as string, byKey(templates, from)] as const]
    }),
  )
  if (finders.size === 0) return undefined
  return (draft, at) => {
    const { kind, configured } = at.facts
    const render = finders.get(String(kind))?.(keyOf(at))
    if (render === undefined) return draft
    const facts = kind === 'client' ? at.facts : { ...at.facts, ...aboutUser(at.facts, draft) }
    const derived = description.derive === undefined ? facts : { ...facts, ...description.derive(facts, at) }
    const extra = description.extraClaims?.(derived, at) ?? []
    return overlay(render(derived), extra, ...(configured as readonly Members[]))
  }
}

/** The facts that are claims under other names. */
const FACTS: Readonly<Record<string, string>> = { iss: 'issuer', aud: 'client.client_id' }

/** Where the facts of an ID token come from, as its draft has it; those of access tokens tell it themselves. */
function originsIn(draft: Members): Readonly<Record<string, string | undefined>> {
  const known = draft.flatMap(({ name, from }) => [
    [FACTS[name] ?? name, from] as const,
    [`claims.${name}`, from] as const,
  ])
  return Object.fromEntries(known)
}

function originsOf(who: string): Readonly<Record<string, string>> {
  return { person: who, released: who, sub: who, local_sub: who, login: 'login' }
}

interface User {
  readonly username: string
  readonly standard: Readonly<Record<string, Json>>
  readonly claims_in: Readonly<Record<string, readonly string[] | undefined>>
}

/**
 * The user as templates see it: `person` has the standard claims, `released` the same below each scope that was
 * granted, and `claims` is the token as the RFCs have it.
 */
function aboutUser(facts: Facts, draft: Members): Facts {
  const { username, standard, claims_in } = facts['user'] as User
  const here = claims_in[PLACES[String(facts['kind'])] ?? ''] ?? []
  const elsewhere = Object.values(claims_in)
    .flat()
    .filter((name) => name !== undefined && !here.includes(name))
  const implied = {
    preferred_username: username,
    ...(standard['email'] === undefined ? {} : { email_verified: true }),
  }
  const all = Object.entries({ ...implied, ...standard }).filter(([name]) => !elsewhere.includes(name))
  const person = { username, sub: facts['local_sub'], ...Object.fromEntries(all) }
  const scopes = facts['scopes'] as readonly string[]
  const who = `user ${username}`
  return {
    person,
    released: Object.fromEntries(scopes.map((scope) => [scope, person])),
    claims: objectOf(draft),
    origins: { ...(facts['origins'] ?? originsIn(draft)), ...originsOf(who) },
  }
}

/** The header members of access and ID tokens; other JWTs keep theirs, whose `typ` says what they are. */
export function headerHook(
  templates: ByKey<ObjectTemplate>,
  more: Description['headerFacts'] = () => ({}),
): Hooks['header'] {
  const find = byKey(templates)
  return (draft, at) =>
    KINDS.includes(at.facts['kind'] as Kind)
      ? (find(keyOf(at))?.({ ...at.facts, ...more(at.facts) }) ?? draft)
      : draft
}

/** base64url characters of a signature. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.2 */
const SIGNATURE = { HS256: 43, HS512: 86 } as const

/** A refresh token in the form of a JWT; its signature is random, for the store knows the whole text. */
export function refreshTokenHook({ alg, claims }: NonNullable<Description['refreshToken']>): Hooks['text'] {
  const renderHeader = compileObject({ alg, typ: 'JWT', kid: '{uuid}' })
  const renderClaims = compileObject(claims)
  const encoded = (members: Members) => Buffer.from(stringify(members)).toString('base64url')
  return (draft, { facts }) =>
    facts['kind'] === 'refresh_token'
      ? `${encoded(renderHeader(facts))}.${encoded(renderClaims(facts))}.${random.token(SIGNATURE[alg])}`
      : draft
}
