/** What the sources of managed identity tokens have in common. */
import { isIP } from 'node:net'
import type { Tenant } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import type { EndpointResponse, Request } from '../protocol/messages.ts'
import { first, type Params } from '../protocol/params.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import type { Visited } from './cloud_service.ts'

/** A path, maybe below a tenant's name, with the doubled and trailing slashes that clients make of configured URLs. */
export function sourcePath(path: string): RegExp {
  return new RegExp(`^(?:/(?<tenant>[^/]+))?/{1,2}${path}/?$`)
}

/** The tenants that a request can be about: the one that its path names, else all. @throws OAuthError identity.unknown */
export function tenantsAt({ named, tenants, sandbox }: Visited): readonly Tenant[] {
  const { tenant: name } = named
  if (name === undefined) return tenants
  const found = tenants.find((tenant) => isNamed(name, tenant)) ?? sandbox(name.toLowerCase())
  if (found !== undefined) return [found]
  throw new OAuthError(
    'identity.unknown',
    `${shown(name)} names no tenant; leave it out of the URL, or put the id of one there`,
    { detail: { wire: 'Identity not found' } },
  )
}

/** Whether a path calls the tenant so: clients may have changed the letter case. */
export function isNamed(name: string, { names }: Tenant): boolean {
  const wanted = name.toLowerCase()
  return names.some((each) => each.toLowerCase() === wanted)
}

/** Guards against requests that a server is tricked into: they have no headers of their own. @throws OAuthError identity.metadata_missing, identity.forwarded */
export function assertMetadata({ headers }: Request): void {
  if (headers['metadata']?.toLowerCase() !== 'true')
    throw new OAuthError('identity.metadata_missing', 'Required metadata header not specified')
  if (headers['x-forwarded-for'] !== undefined)
    throw new OAuthError(
      'identity.forwarded',
      'the request came through a proxy (it has X-Forwarded-For); call without one',
    )
}

/**
 * A page whose host name was made to mean this machine can send every header, and read what it gets. An address is no
 * such name: clients know the service by 169.254.169.254.
 * @throws OAuthError identity.misdirected
 */
export function assertReached({ headers }: Request, { isOwn }: Pick<Visited, 'isOwn'>): void {
  const name = (headers['host'] ?? '').replace(/:\d*$/, '')
  if (isOwn || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return
  throw new OAuthError(
    'identity.misdirected',
    `no identity has tokens at the host ${shown(name)}: call localhost or an address, or add the name to control.hosts`,
  )
}

/** The tenants whose secret came in a header. @throws OAuthError identity.header_wrong */
export function tenantsOfSecret(
  name: string,
  { headers }: Request,
  tenants: readonly Tenant[],
): readonly Tenant[] {
  const came = headers[name.toLowerCase()]
  const found = tenants.filter(({ config: { managed_identity } }) => {
    const { header } = managed_identity
    return came !== undefined && header !== undefined && isSameSecret(came, header)
  })
  if (found.length > 0) return found
  throw new OAuthError(
    'identity.header_wrong',
    `the header ${name} is ${came === undefined ? 'missing' : 'not the one of this start'}; send the value that the start printed, or set managed_identity.header`,
  )
}

/** @throws OAuthError param.missing */
export function resourceIn(params: Params): string {
  const resource = first(params, 'resource')
  if (resource !== undefined) return resource
  throw new OAuthError('param.missing', "Required query variable 'resource' is missing", {
    detail: { name: 'resource' },
  })
}

/** The code and the text of a refusal, as the real source says them. */
export function wired(error: OAuthError): { readonly code: string; readonly text: string } {
  const { code = error.error, wire = error.description } = error.detail
  return { code: String(code), text: String(wire) }
}

/** What every refusal tells beside its body. */
export function refusalHeaders({ reason, detail }: OAuthError): EndpointResponse['headers'] {
  const { allow } = detail
  return {
    'cache-control': 'no-store',
    'x-mock-reason': reason,
    ...(typeof allow === 'string' ? { allow } : {}),
  }
}
