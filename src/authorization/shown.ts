/** What the pages show of a request that waits. */
import { type ClientConfig, type Context, issuerOf, type UserConfig } from '../context.ts'
import type {
  AskedView,
  ClientView,
  ConsentView,
  Frame,
  LoginView,
  SecondFactorView,
  UserView,
} from '../pages/views.ts'
import type { Session } from '../sessions/session.ts'
import { claimsOfScope } from '../users/claims.ts'
import type { Login } from '../users/login.ts'
import { userOf } from '../users/user.ts'
import { clientOf, type Progress } from './decide.ts'
import { isOfDevice } from './request.ts'

/** More cards than these nobody reads; the others sign in by name. */
const MOST_CARDS = 50

export function frameOf(cx: Context): Frame {
  return { tenant: cx.tenant.name, issuer: issuerOf(cx) }
}

export async function loginView(
  { request }: Pick<Progress, 'request'>,
  at: Pick<LoginView, 'interaction' | 'problem' | 'problem_at' | 'username' | 'claims'>,
  cx: Context,
): Promise<LoginView> {
  const { registry, config } = cx.tenant
  const users = [...registry.users.values()]
  return {
    ...frameOf(cx),
    ...at,
    mode: config.login.mode === 'form' ? 'form' : 'picker',
    asked: await askedView(request, cx),
    users: users.slice(0, MOST_CARDS).map(userView),
    total: users.length,
    username: at.username ?? request.login_hint,
    create: request.prompt.includes('create'),
  }
}

export async function consentView(
  { request }: Pick<Progress, 'request'>,
  { interaction, session }: { readonly interaction: string; readonly session: Session },
  cx: Context,
): Promise<ConsentView> {
  const { id_token, userinfo } = request.claims
  return {
    ...frameOf(cx),
    interaction,
    asked: await askedView(request, cx),
    user: userView(userOf(session.login, cx)),
    claims: [...new Set([...Object.keys(id_token), ...Object.keys(userinfo)])],
  }
}

export async function secondFactorView(
  { request }: Pick<Progress, 'request'>,
  { interaction, who }: { readonly interaction: string; readonly who: Pick<Login, 'username' | 'home'> },
  cx: Context,
): Promise<SecondFactorView> {
  const asked = await askedView(request, cx)
  return { ...frameOf(cx), interaction, asked, user: userView(userOf(who, cx)) }
}

async function askedView(request: Progress['request'], cx: Context): Promise<AskedView> {
  const { scopes, targets } = request
  return {
    client: clientView(await clientOf(request, cx)),
    ...(isOfDevice(request) ? { user_code: request.user_code } : { redirect_uri: request.redirect_uri }),
    scopes: scopes.map((scope) => ({ scope, claims: claimsOfScope(scope, cx) })),
    resources: [...(targets.resource ?? []), ...(targets.audience ?? [])],
  }
}

export function clientView({
  client_id,
  client_name,
  client_uri,
  logo_uri,
  policy_uri,
  tos_uri,
}: ClientConfig): ClientView {
  return { client_id, name: client_name, client_uri, logo_uri, policy_uri, tos_uri }
}

export function userView({ username, standard, roles, groups }: UserConfig): UserView {
  const text = (name: string) => (typeof standard[name] === 'string' ? standard[name] : undefined)
  return { username, name: text('name'), email: text('email'), roles, groups }
}
