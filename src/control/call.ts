/** What a test can have the provider do: one call, over HTTP and in process alike. */
import type * as v from 'valibot'
import type { Context, Tenant } from '../context.ts'
import type { Json } from '../protocol/json.ts'
import type { Authority } from '../tls/authority.ts'
import type { Resident } from '../world/resident.ts'
import type { World } from '../world/world.ts'

/** A call as it came: its values are checked against what the call takes. */
export interface Asked<Body = unknown> {
  /** What stands for the names in the path, percent-decoded. */
  readonly named: Readonly<Record<string, string>>
  /** The query, without `tenant`. */
  readonly query: Readonly<Record<string, string>>
  readonly body: Body
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Ends when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** What a call may use. */
export interface Desk {
  readonly world: World
  /** The tenant that the call is for: the one that `?tenant=` names, else the first. @throws Problem 404 */
  readonly resident: Resident
  /** The name in `?tenant=`; absent where the call named none. */
  readonly tenantName: string | undefined
  /** Where the caller sees the provider; absent: it is in the same process. */
  readonly base: string | undefined
  /** A tenant when nobody calls: the issuer's own view. */
  context(tenant: Tenant): Context
  /** Where the provider is. */
  readonly place: Place
  /** The own CA. */
  readonly authority: Authority | undefined
}

/** Facts of a provider that runs. */
interface Place {
  readonly url: string
  readonly httpsUrl: string | undefined
  /** PEM; undefined where it has no CA of its own. */
  readonly ca: string | undefined
  readonly version: string
}

/** What a call answers. */
export type Answered =
  | { readonly status?: number; readonly json: Json }
  | {
      readonly status?: number
      readonly text: string
      readonly type: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** As server-sent events. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
  | { readonly events: AsyncIterable<string> }
  | { readonly status: 204 }

export interface QueryParam {
  readonly summary: string
  readonly example?: string
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/_mock`, with `{name}` for what varies: `/users/{username}`. */
  readonly path: string
  readonly summary: string
  /** The parameters of the query beside `tenant`; others are refused. */
  readonly query?: Readonly<Record<string, QueryParam>>
  /** What the body has to be; absent: none is taken. */
  readonly body?: () => v.GenericSchema
  /** Whether a call without a body is taken as one with an empty object. */
  readonly bodyOptional?: boolean
  /** What a success answers in JSON; absent: nothing, or something else. */
  readonly gives?: () => v.GenericSchema
  /** The media type of a success that is no JSON. */
  readonly type?: string
  /** Whether it is for the server as a whole: `?tenant=` has no meaning. */
  readonly forServer?: boolean
  answer(asked: Asked, desk: Desk): Promise<Answered> | Answered
}

/** Types the body of a call by its schema. */
export function call<const S extends v.GenericSchema>(
  definition: Omit<Call, 'body' | 'answer'> & {
    readonly body: () => S
    answer(asked: Asked<v.InferOutput<S>>, desk: Desk): Promise<Answered> | Answered
  },
): Call {
  return definition as unknown as Call
}

/** Calls that are about one thing. */
export interface Noun {
  readonly name: string
  readonly summary: string
  readonly calls: readonly Call[]
}

/** A call as it is sent. */
export interface Sent {
  readonly method: string
  /** Below `/_mock`, percent-encoded, without query: `/users/alice`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Undefined: none came. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
  /** Where the caller sees the provider; absent: it is in the same process. */
  readonly base?: string | undefined
}

/** Finds the call that is meant and answers it: the same for HTTP and for the library in the same process. */
export interface Control {
  /** @throws Problem */
  answer(sent: Sent): Promise<Answered>
}

/** What the control API of a provider is made of. */
export interface Office {
  readonly world: World
  readonly place: Place
  readonly authority: Authority | undefined
  /** @param base where the caller sees the provider: issuers that follow the caller are there */
  context(tenant: Tenant, base?: string): Context
}
