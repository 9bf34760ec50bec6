/** What the provider answers to. One file an endpoint, named by the metadata member that advertises it. */
import type { Advertised, Context, EndpointName } from '../context.ts'
import type { EndpointResponse, Request } from '../protocol/messages.ts'

export interface Endpoint {
  readonly name: EndpointName
  readonly methods: readonly ('GET' | 'POST')[]
  /** The metadata member that holds its URL, if it is advertised, and who calls it. */
  readonly metadata?: Omit<Advertised, 'name'>
  answer(request: Request, cx: Context): Promise<EndpointResponse>
}
