/** What the pages show: plain values, whatever they hold. Only a page turns them into HTML. */

/** At the foot of every page, so that a screenshot tells where it was taken. */
export interface Frame {
  readonly tenant: string
  readonly issuer: string
}

export interface ClientView {
  readonly client_id: string
  readonly name?: string | undefined
  readonly client_uri?: string | undefined
  readonly logo_uri?: string | undefined
  readonly policy_uri?: string | undefined
  readonly tos_uri?: string | undefined
}

export interface UserView {
  readonly username: string
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly roles: readonly string[]
  readonly groups: readonly string[]
}

/** A scope token, and the claims that it releases. */
export interface ScopeView {
  readonly scope: string
  readonly claims: readonly string[]
}

/** What the client asks for: shown wherever a person decides. */
export interface AskedView {
  readonly client: ClientView
  /** Where the answer goes; a device comes for it. */
  readonly redirect_uri?: string | undefined
  /** What a device shows, where one asks. */
  readonly user_code?: string | undefined
  readonly scopes: readonly ScopeView[]
  readonly resources: readonly string[]
}

export type LoginField = 'username' | 'password' | 'claims'

/** Every form posts to the URL of its own page; the hidden field `interaction` carries the id. */
export interface LoginView extends Frame {
  readonly interaction: string
  readonly mode: 'picker' | 'form'
  readonly asked: AskedView
  /** The first ones of the declared users, and how many there are in all. */
  readonly users: readonly UserView[]
  readonly total: number
  /** `login_hint`, to begin with. */
  readonly username?: string | undefined
  /** What is typed already when the page is shown again. */
  readonly claims?: string | undefined
  /** Why it is shown again. */
  readonly problem?: string | undefined
  /** The field that the problem is about; `username` if not said. */
  readonly problem_at?: LoginField | undefined
  /** prompt=create: a new account is wanted. */
  readonly create: boolean
}

/** Somebody has shown one factor, and is asked for the second. */
export interface SecondFactorView extends Frame {
  readonly interaction: string
  readonly asked: AskedView
  readonly user: UserView
}

export interface ConsentView extends Frame {
  readonly interaction: string
  readonly asked: AskedView
  readonly user: UserView
  /** Single claims that the claims parameter asks for. */
  readonly claims: readonly string[]
}

export interface DeviceView extends Frame {
  /** What came with the link, or was typed. */
  readonly user_code?: string | undefined
  readonly problem?: string | undefined
}

export interface DeviceDoneView extends Frame {
  readonly client: ClientView
  readonly allowed: boolean
}

export interface AdminConsentView extends Frame {
  readonly interaction: string
  readonly asked: AskedView
  /** In whose name an administrator decides. */
  readonly organisation: string
}

export interface LogoutView extends Frame {
  readonly interaction: string
  readonly user?: UserView | undefined
  readonly client?: ClientView | undefined
  /** Why the person is asked, and why they will not be sent anywhere afterwards. */
  readonly problem?: string | undefined
}

export interface SignedOutView extends Frame {
  /** Loaded in invisible frames. @see https://openid.net/specs/openid-connect-frontchannel-1_0.html */
  readonly frames: readonly string[]
  /** Where the browser goes next. */
  readonly next?: string | undefined
  /** Where else: the client begins a new login there. @see https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin */
  readonly again?: string | undefined
  readonly problem?: string | undefined
}

export interface ErrorView extends Frame {
  readonly status: number
  /** One fixed phrase for each kind of mistake. */
  readonly title: string
  readonly error: string
  readonly reason: string
  readonly description: string
  /** How the provider whose manners these are words it, where it does. */
  readonly wording?: string | undefined
  /** What came and what is registered, by name. */
  readonly facts: readonly (readonly [name: string, value: string])[]
}

/** @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html */
export interface FormPostView extends Partial<Frame> {
  readonly action: string
  readonly params: readonly (readonly [name: string, value: string])[]
}
