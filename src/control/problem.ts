/** What is wrong with a call. @see https://www.rfc-editor.org/rfc/rfc9457.html#section-3 */

/** One thing that is wrong in a body. */
export interface Flaw {
  /** Where: `users[0].email`. */
  readonly path: string
  readonly message: string
}

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  426: 'Upgrade Required',
  429: 'Too Many Requests',
} as const

export type ProblemStatus = keyof typeof TITLES

/** A call that is refused: what came, what was expected, what to do. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: ProblemStatus
  readonly flaws: readonly Flaw[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: ProblemStatus,
    detail: string,
    options: {
      readonly flaws?: readonly Flaw[]
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
    } = {},
  ) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause })
    this.status = status
    this.flaws = options.flaws ?? []
    this.headers = options.headers ?? {}
  }

  /** As `application/problem+json`. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { status, message: detail, flaws } = this
    return {
      type: 'about:blank',
      title: TITLES[status],
      status,
      detail,
      ...(flaws.length > 0 && { errors: flaws.map(({ path, message }) => ({ path, detail: message })) }),
    }
  }
}

/** A refusal that another error brought about. */
export function because(cause: unknown, status: ProblemStatus, detail: string): Problem {
  return new Problem(status, detail, { cause })
}
