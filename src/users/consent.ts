/** What users have allowed clients, as far as they were asked; a client that need not ask is not looked up. */
import type { Context, Tenant } from '../context.ts'
import type { ClaimsRequest } from '../protocol/claims_request.ts'
import { OPENID_SCOPES } from '../protocol/standard_claims.ts'
import { homeOf } from './home.ts'
import type { Login } from './login.ts'
import { localSubject } from './subject.ts'
import { userOf } from './user.ts'

/** What a client asks for. */
export interface Wanted {
  readonly scopes: readonly string[]
  readonly claims: ClaimsRequest
  readonly targets: {
    readonly resource?: readonly string[] | undefined
    readonly audience?: readonly string[] | undefined
  }
}

/** Whose consent to what client. */
interface Parties {
  readonly login: Login
  readonly client_id: string
}

/** What the consent page shows: scopes, single claims and resources, the latter with a space, which no scope has. */
function itemsOf({ scopes, claims, targets }: Wanted): readonly string[] {
  const single = [...Object.keys(claims.id_token), ...Object.keys(claims.userinfo)]
  const resources = [...(targets.resource ?? []), ...(targets.audience ?? [])]
  return [
    ...scopes,
    ...single.map((claim) => `claim ${claim}`),
    ...resources.map((resource) => `resource ${resource}`),
  ]
}

/** One consent is remembered for each user and client. Tenants may share a store, and subjects may be configured alike. */
function idOf({ login, client_id }: Parties, cx: Context): string {
  const { tenant } = homeOf(login, cx)
  return `${tenant.id} ${localSubject(userOf(login, cx), tenant.seed)} ${client_id}`
}

/** No user has an empty subject. */
function idOfAll(client_id: string, { id }: Tenant): string {
  return `${id}  ${client_id}`
}

/** No scope is empty: this stands for all. */
const EVERYTHING = ''

/** Whether the user has allowed the client all of this before, or an administrator for everybody. */
export async function hasConsented(wanted: Wanted, parties: Parties, cx: Context): Promise<boolean> {
  if (await isAllowedForAll(wanted, parties, cx)) return true
  const given = (await cx.tenant.store.get('consent', idOf(parties, cx))) as readonly string[] | undefined
  return given !== undefined && itemsOf(wanted).every((each) => given.includes(each))
}

async function isAllowedForAll(
  { scopes }: Wanted,
  { login, client_id }: Parties,
  cx: Context,
): Promise<boolean> {
  const id = idOfAll(client_id, homeOf(login, cx).tenant)
  const given = (await cx.tenant.store.get('consent', id)) as readonly string[] | undefined
  if (given === undefined) return false
  const free = [...given, ...OPENID_SCOPES]
  return given.includes(EVERYTHING) || scopes.every((scope) => free.includes(scope))
}

/** Adds to what an administrator has allowed the client in the name of all users of the tenant: these scopes, or everything. */
export async function rememberAdminConsent(
  scopes: readonly string[] | undefined,
  { client_id, lifetime }: Pick<Parties, 'client_id'> & { readonly lifetime: number },
  tenant: Tenant,
): Promise<void> {
  const { store, clock } = tenant
  const id = idOfAll(client_id, tenant)
  const allowed = scopes?.map((scope) => (scope === '.default' ? EVERYTHING : scope)) ?? [EVERYTHING]
  const isNew = await store.add('consent', id, allowed, clock.seconds() + lifetime)
  if (isNew) return
  await store.update<readonly string[]>('consent', id, (given) => [...new Set([...given, ...allowed])])
}

/** Adds to what the user has allowed the client, for so many seconds from the first time. */
export async function rememberConsent(
  wanted: Wanted,
  { lifetime, ...parties }: Parties & { readonly lifetime: number },
  cx: Context,
): Promise<void> {
  const { store, clock } = cx.tenant
  const id = idOf(parties, cx)
  const allowed = itemsOf(wanted)
  const merge = (given: readonly string[]) => [...new Set([...given, ...allowed])]
  const isNew = await store.add('consent', id, allowed, clock.seconds() + lifetime)
  if (!isNew) await store.update<readonly string[]>('consent', id, merge)
}
