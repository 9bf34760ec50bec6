/** What a person sees at whose browser something is wrong: never a redirect, for nobody may be trusted with it yet. */
import { frameOf } from '../authorization/shown.ts'
import type { Context, EndpointName } from '../context.ts'
import { errorPage } from '../pages/error_page.ts'
import type { OAuthError } from '../protocol/errors.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import type { Reason } from '../protocol/reasons.ts'

/** The endpoints that browsers show. */
const PAGES: ReadonlySet<EndpointName> = new Set([
  'authorization',
  'login',
  'consent',
  'end_session',
  'end_session_confirmation',
  'device',
  'admin_consent',
])

/** One fixed phrase for each kind of mistake, for scripted browsers to tell them apart. */
const TITLES: Readonly<Partial<Record<Reason, string>>> = {
  'redirect_uri.invalid': 'The redirect URI is not registered',
  'redirect_uri.missing': 'The redirect URI is missing',
  'client.unknown': 'The client is unknown',
  'client.single_tenant': 'The client is for users of one tenant',
  'client.organizations_only': 'The client is for users of organisations',
  'client.personal_only': 'The client is for personal accounts',
  'param.missing': 'A parameter is missing',
  'param.duplicated': 'A parameter came twice',
  'interaction.unknown': 'This page is no longer valid',
  'interaction.cross_site': 'This form came from another site',
  'device.user_code': 'The device cannot be connected any more',
  'device.guessed': 'Too many codes were tried',
  'logout.hint_invalid': 'The id_token_hint is not valid',
  'logout.redirect_uri': 'The post-logout redirect URI is not registered',
}

/** The page for a refusal; undefined at endpoints that programs call. */
export function refusalPage(
  error: OAuthError,
  wording: string | undefined,
  cx: Context,
): EndpointResponse | undefined {
  if (!PAGES.has(cx.endpoint)) return undefined
  const facts = Object.entries(error.detail).map(([name, value]) => [name, text(value)] as const)
  return errorPage({
    ...frameOf(cx),
    // 401 would make a browser ask for a password.
    status: error.status === 401 ? 400 : error.status,
    title: TITLES[error.reason] ?? 'The request cannot be answered',
    error: error.error,
    reason: error.reason,
    description: error.message,
    wording,
    facts,
  })
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ') || 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
