/** What was typed as an issuer, and where its metadata is. */
import { urlOf } from '../../protocol/url.ts'

const WELL_KNOWN =
  /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(\/[^?#]*)?(?:[?#].*)?$/

/** The issuer inside a discovery URL; undefined where the text is none. */
export function pastedIssuer(text: string): string | undefined {
  const found = WELL_KNOWN.exec(text)
  return found === null ? undefined : `${text.slice(0, found.index)}${found[1] ?? ''}`
}

/** The issuer as a URL that can be called; undefined where it cannot. */
export function callable(issuer: string): URL | undefined {
  const url = urlOf(issuer)
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined
}

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest */
export function discoveryUrl({ origin, pathname }: URL): string {
  return `${origin}${withoutSlash(pathname)}/.well-known/openid-configuration`
}

/** @see https://www.rfc-editor.org/rfc/rfc8414.html#section-3 */
export function oauthUrl({ origin, pathname }: URL): string {
  return `${origin}/.well-known/oauth-authorization-server${withoutSlash(pathname)}`
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '')
}
