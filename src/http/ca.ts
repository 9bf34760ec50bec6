import type { Context as Koa } from 'koa'
import { OAuthError } from '../protocol/errors.ts'
import { REVALIDATE } from '../protocol/messages.ts'
import type { Site } from './site.ts'
import { write } from './write.ts'

const PATH = '/_mock/ca.pem'

/** Gives the certificate of the own CA, below any prefix, to those who are to trust it. Says whether it was asked for. */
export function caCertificate(koa: Koa, { prefixes, ca }: Site): boolean {
  if (!prefixes.some((prefix) => koa.path === `${prefix}${PATH}`)) return false
  if (ca === undefined) {
    throw new OAuthError(
      'route.not_found',
      'this provider has no CA of its own: set server.tls with certificate: auto, or start with --tls',
    )
  }
  if (koa.method !== 'GET' && koa.method !== 'HEAD') {
    const detail = { allow: 'GET, HEAD' }
    throw new OAuthError('method.not_allowed', `${koa.method} came, the CA takes GET`, { detail })
  }
  const headers = { 'content-type': 'application/x-pem-file', ...REVALIDATE }
  write({ status: 200, headers, body: ca }, koa)
  return true
}
