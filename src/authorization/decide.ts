/** What is still missing before a request can be answered: a login, a consent, or nothing. */
import { type ClientConfig, type Context, findClient, type UserConfig } from '../context.ts'
import { allowedValues } from '../protocol/claims_request.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import type { Session } from '../sessions/session.ts'
import { localSubject, subjectFor } from '../users/subject.ts'
import { hintedName, userOf } from '../users/user.ts'
import type { AuthorizationRequest } from './request.ts'

/** A request under way: what the person has done for it. */
export interface Progress {
  readonly request: AuthorizationRequest
  /** Whether the login was made for this request. */
  readonly loggedIn: boolean
  readonly consented: boolean
}

export interface Missing {
  readonly what: 'login' | 'consent'
  readonly why: string
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

/** Why who is signed in is not meant; the client hears it, so it does not say who that is. */
function otherUser(
  request: AuthorizationRequest,
  { session, client }: Present,
  cx: Context,
): string | undefined {
  const sub = subjectFor(userOf(session.login, cx), client, cx)
  const wanted = allowedValues(request.claims.id_token['sub'])
  if (request.hinted_sub !== undefined && request.hinted_sub !== sub)
    return `the user signed in is not the one whom id_token_hint means, whose sub is ${request.hinted_sub}`
  if (wanted === undefined || wanted.includes(sub)) return undefined
  return `the user signed in is not the one whom the claims parameter wants, whose sub is ${oneOf(wanted.map(shown))}`
}

/** The declared user that a request insists on. */
export function meantUser(
  { hinted_sub, claims }: AuthorizationRequest,
  client: ClientConfig,
  cx: Context,
): UserConfig | undefined {
  const subs = hinted_sub === undefined ? allowedValues(claims.id_token['sub']) : [hinted_sub]
  if (subs === undefined) return undefined
  return [...cx.tenant.registry.users.values()].find((user) => subs.includes(subjectFor(user, client, cx)))
}

/** Where no page lets a person choose, login_hint chooses: also when somebody else is signed in. */
function otherHint(
  { login_hint }: AuthorizationRequest,
  { login }: Session,
  cx: Context,
): string | undefined {
  if (cx.tenant.config.login.mode !== 'auto') return undefined
  const hinted = hintedName(login_hint, cx)
  if (hinted === undefined || hinted === login.username) return undefined
  return `${login.username} is signed in, login_hint means ${hinted}`
}

function acrMissing({ claims }: AuthorizationRequest, { login }: Session): string | undefined {
  const wanted = claims.id_token['acr']
  const values = allowedValues(wanted)
  if (wanted?.essential !== true || values === undefined || values.includes(login.acr ?? '')) return undefined
  return `the login has acr ${login.acr}, ${oneOf(values.map(shown))} is essential`
}

async function consentNeeded(
  { request, consented }: Progress,
  { session, client }: Present,
  cx: Context,
): Promise<boolean> {
  if (consented) return false
  if (request.prompt.includes('consent')) return true
  if (!client.consent) return false
  const given = (await cx.tenant.store.get('consent', consentId(session, client, cx))) as
    | readonly string[]
    | undefined
  return given === undefined || !consentedTo(request).every((each) => given.includes(each))
}

/** What the consent page shows: scopes, single claims and resources, the latter with a space, which no scope has. */
export function consentedTo({ scopes, claims, targets }: AuthorizationRequest): readonly string[] {
  const single = [...Object.keys(claims.id_token), ...Object.keys(claims.userinfo)]
  const resources = [...(targets.resource ?? []), ...(targets.audience ?? [])]
  return [
    ...scopes,
    ...single.map((claim) => `claim ${claim}`),
    ...resources.map((resource) => `resource ${resource}`),
  ]
}

/** One consent is remembered for each user and client. */
export function consentId({ login }: Session, { client_id }: ClientConfig, cx: Context): string {
  return `${localSubject(userOf(login, cx), cx.tenant.id)} ${client_id}`
}
