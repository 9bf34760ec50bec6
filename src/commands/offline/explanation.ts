import { issuerOf } from '../../context.ts'
import { grantTypes } from '../../endpoints/token.ts'
import { type Plan, plan } from '../../mint.ts'
import { OAuthError, oneOf } from '../../protocol/errors.ts'
import { Literal, type Member, type Members } from '../../protocol/json.ts'
import type { AccessTokenPlan } from '../../tokens/access_token.ts'
import { bendClaims } from '../../tokens/jwt.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { headerOf } from './header.ts'
import { leftOut } from './left_out.ts'
import { type Offline, offline, type TargetValues, targetOf } from './tenant.ts'
import { idTokenHeader, userinfoOf } from './user_tokens.ts'

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
    terminal.stdout.write(`${(await described(planned, at, { grant, user })).join('\n')}\n`)
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

async function described(planned: Plan, at: Offline, { grant, user }: Asked): Promise<string[]> {
  const { cx, client } = at
  const { settings, draft } = planned.access_token
  const isJwt = settings.format === 'jwt'
  const facts: Member[] = [
    { name: 'tenant', value: `${cx.tenant.name} (${cx.tenant.dialect.name})` },
    { name: 'issuer', value: issuerOf(cx) },
    { name: 'client', value: titled(client, at) },
    { name: 'grant', value: grant },
    { name: 'format', value: settings.format, from: formatOrigin(planned.access_token, at) },
    { name: 'lifetime', value: `${settings.lifetime} s`, from: settings.lifetimeFrom },
  ]
  const claims = bendClaims(draft, cx)
  return [
    ...rows(facts, String),
    ...(isJwt ? section('header', await headerOf(draft, 'RFC 9068', at)) : []),
    ...section(isJwt ? 'claims' : 'claims, as introspection knows them', claims),
    ...(await aboutUser(planned, claims, { at, user })),
    ...cx.exchange.notes.map(({ level, check, text }) => `${level} ${check}: ${text}`),
  ]
}

interface Asked {
  readonly grant: string
  readonly user: string | undefined
}

/** What the client learns of the user beside the access token, and what it does not. */
async function aboutUser(
  { access_token, id_token, userinfo }: Plan,
  claims: Members,
  { at, user: username }: { readonly at: Offline; readonly user: string | undefined },
): Promise<string[]> {
  const { cx, client } = at
  const user = username === undefined ? undefined : cx.tenant.registry.users.get(username)
  if (id_token === undefined || userinfo === undefined || user === undefined) return []
  const idClaims = bendClaims(id_token, cx)
  const told = userinfoOf(userinfo, claims, cx)
  const shown = { access_token: claims, id_token: idClaims, userinfo: told }
  const missing = leftOut(shown, { client, user, scopes: access_token.scopes, cx })
  return [
    ...section('ID token, header', await idTokenHeader(id_token, at)),
    ...section('ID token', idClaims),
    ...section('userinfo', told),
    ...(missing.length === 0 ? [] : section('left out', missing)),
  ]
}

function section(title: string, members: Members): string[] {
  return ['', title, ...rows(members)]
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
