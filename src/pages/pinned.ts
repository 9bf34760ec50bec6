import { createHash } from 'node:crypto'
import type { Html } from './html.ts'

/** An inline style or script, and the word by which a policy allows this very text and no other. */
export interface Pinned {
  readonly text: Html
  readonly source: string
}

/** @see https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export function pin(text: Html): Pinned {
  const digest = createHash('sha256').update(text.toString()).digest('base64')
  return { text, source: `'sha256-${digest}'` }
}
