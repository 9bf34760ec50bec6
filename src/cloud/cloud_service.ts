/**
 * What stands on the host beside the tenants: the endpoints of a cloud that name no tenant, or find it in the request.
 * One file a service, one line in the registry.
 */
import type { Context, Tenant } from '../context.ts'
import type { OAuthError } from '../protocol/errors.ts'
import type { EndpointResponse, Request } from '../protocol/messages.ts'

/** Where a request found the service. */
export interface Visited {
  /** Its path below the base path, as it came. */
  readonly path: string
  /** The named groups of the path, percent-decoded. */
  readonly named: Readonly<Record<string, string | undefined>>
  /** The tenants for whom it is served: first those that the host name stands for, then as the configuration has them. */
  readonly tenants: readonly Tenant[]
  /** A tenant that a test made for itself: it is reached by its id, and by nothing that it has in common with others. */
  sandbox(id: string): Tenant | undefined
  /** Whether the request came under a name that nobody else can make mean this provider. */
  readonly isOwn: boolean
  /** A tenant as this caller sees it. */
  context(tenant: Tenant): Context
  /** A tenant at its own base, wherever the caller is: for those who are called by another name than the tenant is. */
  home(tenant: Tenant): Context
}

export interface CloudService {
  /** What the log calls it. */
  readonly name: string
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Whether scripts of other origins may call it. */
  readonly cors?: boolean
  /** The paths below the base path that it answers at, where no tenant has an endpoint. */
  readonly path: RegExp
  /** Whether it answers for this tenant; a service that does for none is not served. */
  serves(tenant: Tenant): boolean
  answer(request: Request, at: Visited): Promise<EndpointResponse>
  /** Its own form of a refusal; without one OAuth's. */
  refuse?(error: OAuthError, request: Request, at: Visited): EndpointResponse
}
