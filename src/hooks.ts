/** The one seam that bends what the provider says: a dialect is hooks that are always on, a fault hooks that are armed. */
import type { OAuthError } from './protocol/errors.ts'
import type { Members } from './protocol/json.ts'
import type { EndpointResponse } from './protocol/messages.ts'
import type { Params } from './protocol/params.ts'

/** Keys are asked for by role, never by value, so that no hook ever holds key material. */
type KeyRole = 'active' | 'published' | 'hidden'

/** What is known at a stage, by name: the issuer, the client, the token, the parameters that came. */
export type Facts = Readonly<Record<string, unknown>>

export interface Situation {
  readonly endpoint: string
  /** Which face of the provider was asked, for dialects that have several (Entra's v1 and v2). */
  readonly face: string
  readonly facts: Facts
  /** Set where the answer refuses the request. */
  readonly error?: OAuthError
}

/** The stages in the order in which a request passes them; each takes a draft and returns the next one. */
export interface Hooks {
  /** Parameters as they came → as the RFCs name them. */
  readonly request?: ((draft: Params, at: Situation) => Params) | undefined
  readonly claims?: ((draft: Members, at: Situation) => Members) | undefined
  readonly header?: ((draft: Members, at: Situation) => Members) | undefined
  readonly key?: ((draft: KeyRole, at: Situation) => KeyRole) | undefined
  readonly signature?: ((draft: Uint8Array, at: Situation) => Uint8Array) | undefined
  /** The serialised token. */
  readonly text?: ((draft: string, at: Situation) => string) | undefined
  /** The keys of the JWKS document. */
  readonly jwks?: ((draft: readonly Members[], at: Situation) => readonly Members[]) | undefined
  readonly metadata?: ((draft: Members, at: Situation) => Members) | undefined
  /** The parameters of an authorization response. */
  readonly reply?: ((draft: Members, at: Situation) => Members) | undefined
  readonly response?: ((draft: EndpointResponse, at: Situation) => EndpointResponse) | undefined
}

export type Stage = keyof Hooks
type Draft<S extends Stage> = Parameters<NonNullable<Hooks[S]>>[0]

/** Passes a draft through one stage of every hook, in order. */
export function bend<S extends Stage>(
  stage: S,
  hooks: readonly Hooks[],
  draft: Draft<S>,
  at: Situation,
): Draft<S> {
  let bent = draft
  for (const hook of hooks) {
    const apply = hook[stage] as ((draft: Draft<S>, at: Situation) => Draft<S>) | undefined
    if (apply !== undefined) bent = apply.call(hook, bent, at)
  }
  return bent
}
