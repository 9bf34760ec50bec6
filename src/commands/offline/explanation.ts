import { issuerOf } from '../../context.ts'
import { grantTypes } from '../../endpoints/token.ts'
import { bend } from '../../hooks.ts'
import { type Plan, plan } from '../../mint.ts'
import { OAuthError, oneOf } from '../../protocol/errors.ts'
import { Literal, type Member, type Members, membersOf } from '../../protocol/json.ts'
import type { AccessTokenPlan } from '../../tokens/access_token.ts'
import { bendClaims } from '../../tokens/jwt.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { signingKeyOf } from './signing_key.ts'
import { type Offline, offline, type TargetValues, targetOf } from './tenant.ts'

export interface ExplainValues extends TargetValues {
  readonly grant?: string
}

/** Explains the token, or the refusal that the client would get instead. */
export async function explanation(values: ExplainValues, terminal: Terminal): Promise<number> {
  const target = targetOf(values)
  const { scope, user } = values
  const { grant = user === undefined ? 'client_credentials' : 'authorization_code' } = values
  if (!grantTypes.includes(grant)) throw new UsageError(`--grant is ${grant}, expected ${oneOf(grantTypes)}`)
  const at = await offline(values, terminal)
  const { client, cx } = at
  try {
    assertGrant(grant, at)
    const planned = plan({ client, user, ...target, scope }, cx)
    terminal.stdout.write(`${(await described(planned, at, grant)).join('\n')}\n`)
    return EXIT.done
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const text = `client ${client} would be refused: ${error.error} (${error.reason})\n${error.message}\n`
    terminal.stderr.write(text)
    return EXIT.failure
  }
}

function assertGrant(grant: string, { client, cx }: Offline): void {
  const allowed = cx.tenant.registry.clients.get(client)?.grant_types ?? []
  if (allowed.includes(grant)) return
  const text = `client ${client} may use ${oneOf(allowed)}, not ${grant}; add it to the client's grant_types`
  throw new OAuthError('grant.not_allowed', text)
}

async function described(
  { access_token: planned, id_token, userinfo }: Plan,
  at: Offline,
  grant: string,
): Promise<string[]> {
  const { cx, client } = at
  const { settings, draft } = planned
  const facts: Member[] = [
    { name: 'tenant', value: `${cx.tenant.name} (${cx.tenant.dialect.name})` },
    { name: 'issuer', value: issuerOf(cx) },
    { name: 'client', value: titled(client, at) },
    { name: 'grant', value: grant },
    { name: 'format', value: settings.format, from: formatOrigin(planned, at) },
    { name: 'lifetime', value: `${settings.lifetime} s`, from: settings.lifetimeFrom },
  ]
  const header = settings.format === 'jwt' ? ['', 'header', ...rows(await headerOf(planned, at))] : []
  const title = settings.format === 'jwt' ? 'claims' : 'claims, as introspection knows them'
  const notes = cx.exchange.notes.map(({ level, check, text }) => `${level} ${check}: ${text}`)
  const idToken = id_token === undefined ? [] : ['', 'ID token', ...rows(bendClaims(id_token, cx))]
  const about = userinfo === undefined ? [] : ['', 'userinfo, beside the sub', ...listed(userinfo)]
  return [
    ...rows(facts, String),
    ...header,
    '',
    title,
    ...rows(bendClaims(draft, cx)),
    ...idToken,
    ...about,
    ...notes,
  ]
}

function listed(members: Members): string[] {
  return members.length === 0 ? ['  nothing'] : rows(members)
}

/** The JOSE header, with words in place of what only a running provider knows. */
async function headerOf({ draft }: AccessTokenPlan, { config, cx }: Offline): Promise<Members> {
  const key = await signingKeyOf(config, draft.alg, cx)
  const plain = [
    ...membersOf({ typ: draft.typ }, 'RFC 9068'),
    ...membersOf({ alg: key.alg }, key.from),
    ...membersOf({ kid: key.kid }, key.from),
  ]
  const bent = bend('header', cx.tenant.hooks, plain, {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts: { ...draft.facts, key },
  })
  const origin = (name: string) => (['alg', 'kid', 'x5t'].includes(name) ? key.from : undefined)
  return bent.map((member) => {
    const from = origin(member.name) ?? member.from
    return from === undefined ? member : { ...member, from }
  })
}

/** The client's id, and its name for people where it has one. */
function titled(client: string, { cx }: Offline): string {
  const name = cx.tenant.registry.clients.get(client)?.client_name
  return name === undefined ? client : `${client} (${name})`
}

function formatOrigin({ draft, settings }: AccessTokenPlan, { client, cx }: Offline): string {
  const { clients, resources } = cx.tenant.registry
  if (clients.get(client)?.access_token.format !== undefined) return `access_token.format of client ${client}`
  const named = (draft.facts['aud'] as readonly string[]).some(
    (aud) => resources.get(aud)?.access_token.format === settings.format,
  )
  return named ? 'access_token.format of the resource' : `default of dialect ${cx.tenant.dialect.name}`
}

function rows(members: Members, show: (value: Member['value']) => string = jsonOf): string[] {
  const shown = members.map(({ value, ...member }) => ({ ...member, value: show(value) }))
  const names = Math.max(...shown.map(({ name }) => name.length))
  const values = Math.min(60, Math.max(...shown.map(({ value }) => value.length)))
  return shown.map(({ name, value, from }) => {
    const left = `  ${name.padEnd(names)}  ${from === undefined ? value : value.padEnd(values)}`
    return from === undefined ? left : `${left}  ← ${from}`
  })
}

function jsonOf(value: Member['value']): string {
  if (value instanceof Literal) return value.text
  return typeof value === 'string' ? value : JSON.stringify(value)
}
