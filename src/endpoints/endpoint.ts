/** What the provider answers to. One file an endpoint, named by the metadata member that advertises it. */
import type { Advertised, Context, EndpointName, Tenant } from '../context.ts'
import type { EndpointResponse, Request } from '../protocol/messages.ts'

export interface Endpoint {
  readonly name: EndpointName
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Whether scripts of other origins may call it. @see https://fetch.spec.whatwg.org/#http-cors-protocol */
  readonly cors?: boolean
  /** The metadata member that holds its URL, if it is advertised, and who calls it. */
  readonly metadata?: Omit<Advertised, 'name'>
  /** Whether a tenant has it at all; without this every tenant has. */
  isServed?(tenant: Tenant): boolean
  answer(request: Request, cx: Context): Promise<EndpointResponse>
}

/** The endpoints that discovery shows. */
export function advertised(endpoints: readonly Endpoint[]): Advertised[] {
  return endpoints.flatMap(({ name, metadata, isServed }) =>
    metadata === undefined ? [] : { name, ...metadata, isServed },
  )
}
