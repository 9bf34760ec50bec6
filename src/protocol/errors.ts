import type { Json } from './json.ts'
import { codeOf, type Reason, statusOf } from './reasons.ts'

/** What a dialect may show of a refusal beside its text: the parameter's name, the client, the value that came. */
export type Detail = Readonly<Record<string, Json>>

/**
 * A refusal for the client to read: a canonical reason, the RFC's code and status, and a description that says
 * what came, what was expected and what to do.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly reason: Reason
  readonly detail: Detail
  /** The code where somebody chose one, instead of that of the reason. */
  readonly chosen: string | undefined

  constructor(
    reason: Reason,
    description: string,
    options: { detail?: Detail; cause?: unknown; error?: string | undefined } = {},
  ) {
    super(description, options.cause === undefined ? {} : { cause: options.cause })
    this.reason = reason
    this.detail = options.detail ?? {}
    this.chosen = options.error
  }

  get error(): string {
    return this.chosen ?? codeOf(this.reason)
  }

  get status(): number {
    // MUST be 401 for whoever authenticated by the header, https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2
    return this.chosen === 'invalid_client' ? 401 : statusOf(this.reason)
  }

  /** The description in the characters an `error_description` may have. */
  get description(): string {
    return printable(this.message)
  }
}

/** A refusal that another error brought about. */
export function because(cause: unknown, reason: Reason, description: string): OAuthError {
  return new OAuthError(reason, description, { cause })
}

/** Only %x20-21 / %x23-5B / %x5D-7E may stand in an error_description (RFC 6749 §5.2). */
export function printable(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replaceAll(/[^\x20-\x7e]/g, '?')
}

/** A value that came from outside, short enough to be repeated in a message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** Text of any JSON value; one nested so deep that it cannot be written is only named. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Array.isArray(value) ? 'a deep list' : 'a deep object'
  }
}

const MOST_NAMES = 12

/** `a, b or c`, for messages that list what is allowed; a long list is cut. */
export function oneOf(values: Iterable<string>): string {
  const names: string[] = []
  for (const value of values) {
    if (names.length === MOST_NAMES) return `${names.join(', ')} or others`
    names.push(value)
  }
  if (names.length < 2) return names[0] ?? 'none'
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
