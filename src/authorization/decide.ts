/** What is still missing before a request can be answered: a login, a consent, or nothing. */
import { type Account, type ClientConfig, type Context, findClient } from '../context.ts'
import { allowedValues } from '../protocol/claims_request.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import type { Session } from '../sessions/session.ts'
import { hasConsented } from '../users/consent.ts'
import type { Directed } from '../users/directed.ts'
import { accountOf, homeOf, isSameAccount } from '../users/home.ts'
import { whyBarred } from '../users/sign_in_audience.ts'
import { barredBy, removedSince, unassignedTo, unproved } from '../users/status.ts'
import { subjectOf } from '../users/subject.ts'
import { hintedName, userOf } from '../users/user.ts'
import { type AuthorizationRequest, type DeviceRequest, isOfDevice, type SignInRequest } from './request.ts'

/** Of the sessions of a browser the one whose user a client means, else the first. */
export function meantSession(
  sessions: readonly Session[],
  { request, client }: { readonly request: SignInRequest; readonly client: ClientConfig },
  cx: Context,
): Session | undefined {
  const isMeant = (session: Session) =>
    otherUser(request, { session, client }, cx) === undefined && otherHint(request, session, cx) === undefined
  return sessions.find(isMeant) ?? sessions[0]
}

/** A request under way: what the person has done for it. */
export interface Progress {
  readonly request: AuthorizationRequest | DeviceRequest
  /** Whether the login was made for this request. */
  readonly loggedIn: boolean
  readonly consented: boolean
  /** What a test said about it. */
  readonly directed?: Directed | undefined
}

export interface Missing {
  readonly what: 'login' | 'consent'
  readonly why: string
  /** What a client hears that wants no page; absent: just that there would be one. */
  readonly refusal?: OAuthError | undefined
}

/** @throws OAuthError client.unknown when the client is gone meanwhile */
export async function clientOf(
  { client_id }: { readonly client_id: string },
  cx: Context,
): Promise<ClientConfig> {
  const client = await findClient(client_id, cx)
  if (client !== undefined) return client
  throw new OAuthError('client.unknown', `client ${client_id} is not declared in tenant ${cx.tenant.name}`)
}

/**
 * The next thing that a person must do; undefined: nothing.
 * @throws OAuthError login.required where a login was made, and it is not the one that the client insists on
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Authenticates
 */
export async function missing(
  progress: Progress,
  { session, client }: { readonly session: Session | undefined; readonly client: ClientConfig },
  cx: Context,
): Promise<Missing | undefined> {
  if (session === undefined) return { what: 'login', why: 'nobody is signed in here' }
  const again = loginAgain(progress, { session, client }, cx)
  if (again !== undefined) return { what: 'login', why: again }
  const lacking = unfit(progress, { session, client }, cx)
  if (lacking !== undefined) return lacking
  const ask = await consentNeeded(progress, { session, client }, cx)
  return ask
    ? { what: 'consent', why: `client ${client.client_id} asks for what the user has not allowed yet` }
    : undefined
}

interface Present {
  readonly session: Session
  readonly client: ClientConfig
}

/** Why the login that is there does not do. */
function loginAgain(
  { request, loggedIn }: Progress,
  { session, client }: Present,
  cx: Context,
): string | undefined {
  const other = otherUser(request, { session, client }, cx)
  if (other !== undefined) {
    // MUST NOT answer with a user that the client did not mean, §3.1.2.2 and §5.5.1.
    if (loggedIn) throw new OAuthError('login.required', other)
    return other
  }
  if (loggedIn) return undefined
  const hinted = otherHint(request, session, cx)
  if (hinted !== undefined) return hinted
  const asked = request.prompt.find((each) => ['login', 'select_account', 'create'].includes(each))
  if (asked !== undefined) return `prompt=${asked} asks for a login`
  const { max_age } = request
  const age = cx.tenant.clock.seconds() - session.login.auth_time
  if (max_age !== undefined && (max_age === 0 || age > max_age))
    return `the login is ${age} s old, max_age is ${max_age}`
  return acrMissing(request, session)
}

/**
 * Why the user who is signed in cannot have what is asked.
 * @throws OAuthError user.* where they have just signed in: they would only do it again
 */
function unfit(
  { request, loggedIn }: Progress,
  { session: { login }, client }: Present,
  here: Context,
): Missing | undefined {
  const cx = homeOf(login, here)
  const user = userOf(login, cx)
  const barred = removedSince(login, cx) ?? barredBy(user)
  const unassigned = unassignedTo(client, user, cx)
  if (loggedIn && (barred ?? unassigned) !== undefined) throw barred ?? unassigned
  if (barred !== undefined) return { what: 'login', why: barred.message }
  // A person at a page proves as much as is asked; without a page the login has to have it already.
  const proves = loggedIn || !(request.prompt.includes('none') || request.claims.challenged === true)
  const refusal = unassigned ?? (proves ? undefined : unproved(user, login))
  return refusal && { what: 'login', why: refusal.message, refusal }
}

/** Why who is signed in is not meant; the client hears it, so it does not say who that is. */
function otherUser(request: SignInRequest, { session, client }: Present, cx: Context): string | undefined {
  const barred = whyBarred(client, session.login, cx)
  if (barred !== undefined) return barred
  const sub = subjectOf(session.login, client, cx)
  const wanted = allowedValues(request.claims.id_token['sub'])
  const isHinted = sub === request.hinted_sub && isOf(request.hinted_home, session.login)
  if (request.hinted_sub !== undefined && !isHinted)
    return `the user signed in is not the one whom id_token_hint means, whose sub is ${request.hinted_sub}`
  if (wanted === undefined || wanted.includes(sub)) return undefined
  return `the user signed in is not the one whom the claims parameter wants, whose sub is ${oneOf(wanted.map(shown))}`
}

/** The name of the declared user that a request insists on. */
export function meantUser(
  { hinted_sub, hinted_home, claims }: SignInRequest,
  client: ClientConfig,
  cx: Context,
): string | undefined {
  const subs = hinted_sub === undefined ? allowedValues(claims.id_token['sub']) : [hinted_sub]
  if (subs === undefined) return undefined
  const names = [...cx.tenant.registry.users.keys()]
  return names.find((name) => {
    const account = accountOf(name, cx)
    return subs.includes(subjectOf(account, client, cx)) && isOf(hinted_home, account)
  })
}

/** The same subject of two issuers is two users. @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability */
function isOf(hinted_home: string | undefined, { home }: Account): boolean {
  return hinted_home === undefined || home === hinted_home
}

/** Where no page lets a person choose, login_hint chooses: also when somebody else is signed in. */
function otherHint(
  { login_hint, prompt }: SignInRequest,
  { login }: Session,
  cx: Context,
): string | undefined {
  const { config, dialect } = cx.tenant
  const isCondition = prompt.includes('none') && dialect.silentHint === 'condition'
  if (config.login.mode !== 'auto' && !isCondition) return undefined
  const hinted = hintedName(login_hint, cx)
  if (hinted === undefined || isSameAccount(accountOf(hinted, cx), login)) return undefined
  return `the user signed in is not ${hinted}, whom login_hint means`
}

function acrMissing({ claims }: SignInRequest, { login }: Session): string | undefined {
  const wanted = claims.id_token['acr']
  const values = allowedValues(wanted)
  if (wanted?.essential !== true || values === undefined || values.includes(login.acr ?? '')) return undefined
  return `the login has acr ${login.acr}, ${oneOf(values.map(shown))} is essential`
}

async function consentNeeded(
  { request, consented, directed }: Progress,
  { session, client }: Present,
  cx: Context,
): Promise<boolean> {
  if (consented) return false
  if (request.prompt.includes('consent')) return true
  // What was allowed before says nothing of this device; in auto mode nobody is there to look at it, nor where a test signs in.
  const isAlone = cx.tenant.config.login.mode === 'auto' || directed?.account !== undefined
  if (isOfDevice(request)) return client.consent || !isAlone
  if (!client.consent) return false
  const parties = { login: session.login, client_id: client.client_id }
  return !(await hasConsented(request, parties, cx))
}
