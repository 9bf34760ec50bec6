/** What a dialect is described by: tables of templates, which `describe.ts` compiles. */
import type { Facts, Hooks, Situation } from '../hooks.ts'
import type { Members } from '../protocol/json.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { Dialect, EndpointName } from './dialect.ts'
import type { Template } from './template.ts'

export type ObjectTemplate = Readonly<Record<string, Template>>

/** By token version or face; one under '' stands for all. */
export type ByKey<T> = Readonly<Record<string, T>>

/** A refusal as the provider words it; the first rule that matches wins, and without one the RFC's answer stands. */
export interface ErrorRule {
  /** An answer that goes to the client through the browser is one of `authorization`, and only rules that name it apply. */
  readonly at?: readonly EndpointName[]
  /** Name of the face that was asked; absent: any. */
  readonly face?: string
  /** Grant types of the request; absent: any. */
  readonly grant?: readonly string[]
  /** Exact reasons, or `assertion.*` for all of a kind. */
  readonly reason: readonly (Reason | `${string}.*`)[]
  readonly status: number
  /** null takes a header of the RFC's answer away. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** null is an empty body. */
  readonly body: ObjectTemplate | null
}

/** What is different about members that are there already. */
export interface Change {
  readonly omit?: readonly string[]
  readonly rename?: Readonly<Record<string, string>>
  readonly add?: ObjectTemplate
}

export interface Description extends Omit<Dialect, 'hooks'> {
  readonly request?: Hooks['request']
  /** Facts of the provider's own, for what templates cannot say. */
  readonly derive?: (facts: Facts, at: Situation) => Facts
  /** Claims that only some applications get: they come after those of the templates. */
  readonly extraClaims?: (facts: Facts, at: Situation) => Members
  /** Claims of a client's own access tokens, of users' and of ID tokens: by token version, ID tokens by face. */
  readonly claims?: ByKey<ObjectTemplate>
  readonly userClaims?: ByKey<ObjectTemplate>
  readonly idTokenClaims?: ByKey<ObjectTemplate>
  /** JOSE header members, by token version; of ID tokens by face. */
  readonly header?: ByKey<ObjectTemplate>
  /** Facts of the provider's own for them. */
  readonly headerFacts?: (facts: Facts) => Facts
  /** Refresh tokens that look like JWTs. Clients read them; nobody but the provider verifies them. */
  readonly refreshToken?: { readonly alg: 'HS256' | 'HS512'; readonly claims: ObjectTemplate }
  /** The metadata document, each published key and the parameters of an authorization response, by face. */
  readonly metadata?: ByKey<Change>
  readonly jwk?: ByKey<Change>
  readonly reply?: ByKey<Change>
  /** Bodies of successful answers, by endpoint and face. */
  readonly bodies?: Readonly<Partial<Record<EndpointName, ByKey<ObjectTemplate>>>>
  readonly headers?: Readonly<Partial<Record<EndpointName, ObjectTemplate>>>
  readonly errorHeaders?: ObjectTemplate
  /** Values made once per answer, for templates that show one in several places, as `{vars.name}`. */
  readonly vars?: ObjectTemplate
  readonly errors?: readonly ErrorRule[]
}
