import { type Context, enforce } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { GrantRequest } from './grant.ts'

/**
 * Holds a request to the type of the redirect URI that its grant began at: scripts, whom their Origin gives away, redeem
 * what was sent to one for scripts, and nothing else.
 * @throws OAuthError origin.*
 * @see https://learn.microsoft.com/entra/identity-platform/reply-url
 */
export function assertOrigin(isForScripts: boolean, { origin, client }: GrantRequest, cx: Context): void {
  if (cx.tenant.dialect.scripts === undefined || isForScripts === (origin !== undefined)) return
  const error = isForScripts
    ? new OAuthError(
        'origin.missing',
        `the redirect URI is for scripts (spa_redirect_uris of client ${client.client_id}), and no Origin came; redeem the code in the browser, or register the URI under redirect_uris`,
      )
    : new OAuthError(
        'origin.unexpected',
        `a script of ${origin} asks, and the redirect URI is not for scripts; register it under entra.spa_redirect_uris of client ${client.client_id}, or redeem the code at a server`,
        { detail: { origin: origin as string } },
      )
  enforce('redirect_uri', error, cx)
}

/** A script cannot keep a secret. @throws OAuthError origin.credentials */
export function assertSecretless({ origin, proof, client }: GrantRequest, cx: Context): void {
  if (cx.tenant.dialect.scripts === undefined || origin === undefined || proof === 'none') return
  const error = new OAuthError(
    'origin.credentials',
    `a script of ${origin} sent the credentials of client ${client.client_id}; credentials stay at servers, so leave them out in the browser`,
    { detail: { origin, client_id: client.client_id } },
  )
  enforce('redirect_uri', error, cx)
}
