/** How calls of the control API get to the provider: within the process, or over HTTP. */
import type { Json } from '../protocol/json.ts'

export interface Asking {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/_mock`, percent-encoded: `/users/alice`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Gives JSON, the text of another type, or undefined where there is nothing to say. @throws TypeError for what is refused */
export type Transport = (asking: Asking) => Promise<Json | undefined>

/** There is no provider any more: with it went all that it had, such as sandboxes. */
export class GoneError extends Error {}

/** The value as it comes over a wire: what one side does to it later is nothing to the other. @throws TypeError for what is no JSON */
export function plain(value: unknown): Json | undefined {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : (JSON.parse(text) as Json)
}
