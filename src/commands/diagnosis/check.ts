/** What a check is: it looks at what came back from a provider and remarks on it. It asks nothing by itself. */
import type { Reply } from './ask.ts'

export type Level = 'ok' | 'info' | 'warn' | 'fail'

export interface Remark {
  readonly level: Level
  readonly text: string
  /** The one thing to change. */
  readonly change?: string | undefined
}

/** Members of the provider's metadata. */
export type Metadata = Readonly<Record<string, unknown>>

/** All that was asked of a provider, and what came back; what is absent was not asked. */
export interface Seen {
  /** The URL as it was typed. */
  readonly given: string
  /** What a client would be configured with: the URL that was typed, or the issuer inside a discovery URL. */
  readonly issuer: string
  readonly url?: URL | undefined
  readonly discovery?: Reply | undefined
  /** The same place over the other scheme, where nothing sensible came over this one. */
  readonly otherScheme?: Reply | undefined
  /** The metadata in the other path form. */
  readonly oauth?: Reply | undefined
  readonly metadata?: Metadata | undefined
  /** What is found at the issuer that the metadata names, where that is another. */
  readonly stated?: Reply | undefined
  readonly jwks?: Reply | undefined
  readonly keys?: readonly Metadata[] | undefined
  /** By member of the metadata. */
  readonly endpoints: ReadonlyMap<string, Reply>
  /** Where the libraries of Microsoft ask about a host. */
  readonly instance?: Reply | undefined
}

export interface Check {
  readonly name: string
  look(seen: Seen): readonly Remark[]
}

export const ok = (text: string): Remark => ({ level: 'ok', text })
export const info = (text: string): Remark => ({ level: 'info', text })
export const warn = (text: string, change?: string): Remark => ({ level: 'warn', text, change })
export const wrong = (text: string, change: string): Remark => ({ level: 'fail', text, change })
