/** What the provider has to remember, and what follows from it: the rules once more, in as few words as they take. */
import type { Page as Shown } from '../support/browser.ts'

export const CLIENTS = ['spa', 'web', 'legacy'] as const
export type ClientId = (typeof CLIENTS)[number]

/** A rotating client's refresh token is good for one use; the consenting one's users are asked. */
export const ROTATES: ReadonlySet<ClientId> = new Set(['spa', 'web'])
const ASKS_CONSENT: ReadonlySet<ClientId> = new Set(['web'])

export type User = 'alice' | 'bob'

/** In seconds. A code that was used is remembered for longer than it is good for. */
const LIVES = {
  interaction: 3600,
  session: 8 * 3600,
  code: 60,
  used_code: 660,
  access: 3600,
  refresh: 14 * 86_400,
}
const MEMORY_OF_REFRESH = 86_400

export interface AuthRequest {
  readonly client: ClientId
  readonly scopes: readonly string[]
  readonly prompt: 'none' | 'login' | 'consent' | undefined
  readonly verifier: string
}

interface Session {
  readonly user: User
  readonly expires: number
  ended: boolean
}

interface Grant {
  readonly request: AuthRequest
  readonly session: Session
  revoked: boolean
}

/** A request on its way, and what was done for it. */
interface Progress {
  readonly request: AuthRequest
  readonly session: Session | undefined
  readonly loggedIn: boolean
  readonly consented: boolean
}

export interface Waiting {
  readonly kind: 'login' | 'consent'
  readonly progress: Progress
  readonly page: Shown
  readonly expires: number
  used: boolean
}

export interface Code {
  readonly text: string
  readonly grant: Grant
  readonly issued: number
  used: boolean
}

export interface Token {
  readonly kind: 'access' | 'refresh'
  readonly text: string
  readonly grant: Grant
  readonly scopes: readonly string[]
  readonly expires: number
  /** Rotated away, or revoked on its own. */
  over: boolean
  /** Whether the provider said that it is not active, which is for good. */
  settled: boolean
}

interface IdToken {
  readonly text: string
  readonly session: Session
}

/** Where a request ends. */
export type Outcome =
  | { readonly kind: 'login' | 'consent'; readonly progress: Progress }
  | { readonly kind: 'code'; readonly grant: Grant }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'gone' }

const refused = (error: string): Outcome => ({ kind: 'error', error })

export class Model {
  now: number
  /** That of the browser, which may have ended. */
  current: Session | undefined
  readonly waiting: Waiting[] = []
  readonly codes: Code[] = []
  readonly tokens: Token[] = []
  readonly idTokens: IdToken[] = []
  readonly #consents = new Map<string, { scopes: Set<string>; expires: number }>()

  constructor(now: number) {
    this.now = now
  }

  #live(session: Session | undefined): Session | undefined {
    return session !== undefined && !session.ended && session.expires > this.now ? session : undefined
  }

  /** A family is alive until it is revoked, or the session ends without which it must not be. */
  isAlive({ revoked, session, request }: Grant): boolean {
    return !revoked && (!session.ended || request.scopes.includes('offline_access'))
  }

  isActive(token: Token): boolean {
    return !token.over && token.expires > this.now && this.isAlive(token.grant)
  }

  authorize(request: AuthRequest): Outcome {
    return this.#settle({ request, session: this.#live(this.current), loggedIn: false, consented: false })
  }

  #settle(progress: Progress): Outcome {
    const { request, session } = progress
    const needs = this.#needs(progress)
    if (needs === undefined && session !== undefined)
      return { kind: 'code', grant: { request, session, revoked: false } }
    if (request.prompt === 'none') return refused(`${needs}_required`)
    return { kind: needs ?? 'login', progress }
  }

  #needs({ request, session, loggedIn, consented }: Progress): 'login' | 'consent' | undefined {
    const { client, scopes, prompt } = request
    if (session === undefined || (prompt === 'login' && !loggedIn)) return 'login'
    if (consented) return undefined
    if (prompt === 'consent') return 'consent'
    const given = this.#consents.get(`${session.user} ${client}`)
    const isGiven =
      given !== undefined && given.expires > this.now && scopes.every((each) => given.scopes.has(each))
    return ASKS_CONSENT.has(client) && !isGiven ? 'consent' : undefined
  }

  /** A page is used once, within its time. */
  #use(page: Waiting): boolean {
    const isOpen = !page.used && page.expires > this.now
    page.used = true
    return isOpen
  }

  signIn(page: Waiting, user: User): Outcome {
    if (!this.#use(page)) return { kind: 'gone' }
    const before = this.#live(this.current)
    if (before?.user !== user) this.current = { user, expires: this.now + LIVES.session, ended: false }
    return this.#settle({ ...page.progress, session: this.current, loggedIn: true })
  }

  allow(page: Waiting): Outcome {
    if (!this.#use(page)) return { kind: 'gone' }
    const { request } = page.progress
    const session = this.#live(page.progress.session)
    if (session === undefined) return refused('login_required')
    const key = `${session.user} ${request.client}`
    const given = this.#consents.get(key)
    if (given !== undefined && given.expires > this.now)
      for (const scope of request.scopes) given.scopes.add(scope)
    else this.#consents.set(key, { scopes: new Set(request.scopes), expires: this.now + LIVES.session })
    return this.#settle({ ...page.progress, session, consented: true })
  }

  deny(page: Waiting): Outcome {
    return this.#use(page) ? refused('access_denied') : { kind: 'gone' }
  }

  /** Remembers what came of an outcome. */
  wait({ kind, progress }: Pick<Waiting, 'kind' | 'progress'>, page: Shown): void {
    this.waiting.push({ kind, progress, page, expires: this.now + LIVES.interaction, used: false })
  }

  addCode(grant: Grant, text: string): void {
    this.codes.push({ text, grant, issued: this.now, used: false })
  }

  /** The error, where it is refused: only its client with its verifier redeems a code, once and in time. */
  redeem(code: Code, client: ClientId, isVerified: boolean): string | undefined {
    const age = this.now - code.issued
    if (client !== code.grant.request.client || !isVerified || age >= LIVES.used_code) return 'invalid_grant'
    // Two hold the code: nobody can tell who stole it.
    if (code.used) code.grant.revoked = true
    code.used = true
    return age < LIVES.code && this.isAlive(code.grant) ? undefined : 'invalid_grant'
  }

  /** The error, where it is refused: a refresh token is its client's, narrows only, and rotates. */
  refresh(token: Token, client: ClientId, scopes: readonly string[]): string | undefined {
    if (client !== token.grant.request.client || this.now >= token.expires + MEMORY_OF_REFRESH)
      return 'invalid_grant'
    if (!scopes.every((each) => token.scopes.includes(each))) return 'invalid_scope'
    if (token.expires <= this.now || !this.isAlive(token.grant)) return 'invalid_grant'
    if (token.over) token.grant.revoked = true
    if (ROTATES.has(client)) token.over = true
    return token.grant.revoked ? 'invalid_grant' : undefined
  }

  addToken(kind: Token['kind'], text: string, { grant, scopes }: Pick<Token, 'grant' | 'scopes'>): void {
    if (this.tokens.some((each) => each.text === text)) return
    this.tokens.push({
      kind,
      text,
      grant,
      scopes,
      expires: this.now + LIVES[kind],
      over: false,
      settled: false,
    })
  }

  addIdToken(text: string, { session }: Grant): void {
    this.idTokens.push({ text, session })
  }

  /** The error, where it is refused: with a refresh token its family goes, also with a spent one; an access token goes alone. */
  revoke(token: Token, client: ClientId): string | undefined {
    const isRefresh = token.kind === 'refresh'
    const isKnown = isRefresh ? this.now < token.expires + MEMORY_OF_REFRESH : this.isActive(token)
    if (!isKnown) return undefined
    if (client !== token.grant.request.client) return 'invalid_request'
    if (isRefresh) token.grant.revoked = true
    else token.over = true
    return undefined
  }

  /** Whether a person is asked: nothing proves that who asks knows who is signed in. */
  asksToLogOut(hint: IdToken | undefined): boolean {
    const session = this.#live(this.current)
    return hint === undefined || (session !== undefined && session.user !== hint.session.user)
  }

  /** Ends the browser's session and the one that the hint names, which may have run out already. */
  logOut(hint: IdToken | undefined): void {
    for (const session of [this.#live(this.current), hint?.session])
      if (session !== undefined) session.ended = true
    this.current = undefined
  }
}
