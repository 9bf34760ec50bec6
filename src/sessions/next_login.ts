/** What a test says about logins to come. */

/** How the next login of a client goes. */
export interface NextLogin {
  /** `client_id`; absent: of whichever client comes first. */
  readonly client?: string | undefined
  /** Username of who signs in, without a page. */
  readonly user?: string | undefined
  /** The person refuses: to sign in, or to allow what the client asks for. */
  readonly deny?: 'login' | 'consent' | undefined
  /** Whether the login has a second factor (`done`), or still needs one (`required`). */
  readonly mfa?: 'done' | 'required' | undefined
  /** An error code that the client gets instead of a login. */
  readonly error?: string | undefined
  readonly error_description?: string | undefined
}

/** One that waits, with what it is in words: for the record of the request that uses it. It is JSON. */
export interface WaitingLogin extends NextLogin {
  readonly told: string
}

/** More than any test says ahead. */
const MOST = 100

/** Logins to come, in the order in which they were said; each is used once. */
export class NextLogins {
  #queue: readonly WaitingLogin[] = []

  /** Those that wait. */
  get list(): readonly WaitingLogin[] {
    return this.#queue
  }

  /** @throws RangeError when too many wait already */
  add(login: NextLogin): void {
    if (this.#queue.length >= MOST)
      throw new RangeError(`${MOST} logins wait already; let clients sign in, or reset`)
    this.#queue = [...this.#queue, { ...login, told: toldOf(login) }]
  }

  /** The first for this client, which goes on waiting. */
  find(client_id: string, fits: (login: NextLogin) => boolean = () => true): WaitingLogin | undefined {
    return this.#queue.find((login) => (login.client ?? client_id) === client_id && fits(login))
  }

  /** The first for this client, which is used up by it: for one synchronous step, before anything is awaited. */
  take(client_id: string, fits?: (login: NextLogin) => boolean): WaitingLogin | undefined {
    const found = this.find(client_id, fits)
    if (found !== undefined) this.#queue = this.#queue.filter((each) => each !== found)
    return found
  }

  clear(): void {
    this.#queue = []
  }
}

const MFA = { done: 'with a second factor', required: 'a second factor is required' } as const
const DENIES = { login: 'denies the login', consent: 'denies the consent' } as const

function toldOf({ user, deny, mfa, error }: NextLogin): string {
  const parts = [
    ...(user === undefined ? [] : [`${user} signs in`]),
    ...(mfa === undefined ? [] : [MFA[mfa]]),
    ...(deny === undefined ? [] : [`the user ${DENIES[deny]}`]),
    ...(error === undefined ? [] : [`the client gets ${error}`]),
  ]
  return `next-login: ${parts.join(', ')}`
}
