/** A line to copy that gets a token, as the dialect's own clients would ask for it. */
import type { ResolvedConfig } from '../../config/resolve.ts'
import { type ClientConfig, type Context, endpointUrl, type Tenant } from '../../context.ts'
import type { Ports } from '../../http/listen.ts'
import { plan } from '../../mint.ts'
import { OAuthError } from '../../protocol/errors.ts'
import { listenerUrl } from '../../site.ts'
import { word } from '../shell/word.ts'

export interface CurlOptions {
  readonly config: ResolvedConfig
  readonly ports: Ports
  /** The secret that may be shown; else a variable stands for it. */
  readonly showsSecret: boolean
}

type Form = Readonly<Record<string, string>>

interface Manner {
  /** How a client authenticates that registered no method. */
  readonly method: 'client_secret_basic' | 'client_secret_post'
  /** What is sent beside the grant type; undefined where the client cannot ask. */
  form(client: ClientConfig, tenant: Tenant): Form | undefined
}

const STANDARD: Manner = { method: 'client_secret_basic', form: () => ({}) }

/** How each dialect's clients ask, where that is not as in RFC 6749. */
const MANNERS: Readonly<Record<string, Manner>> = {
  entra: {
    method: 'client_secret_post',
    form(client, tenant) {
      const resource = client.audience[0] ?? tenant.config.resources[0]?.identifier
      return resource === undefined ? undefined : { scope: `${resource}/.default` }
    },
  },
}

/** The command for the first client that can be served with one; clients that sign assertions need more than curl. */
export function curlFor(
  tenants: readonly Tenant[],
  context: (tenant: Tenant) => Context,
  options: CurlOptions,
): string | undefined {
  for (const tenant of tenants) {
    for (const client of tenant.config.clients) {
      const line = commandOf(client, context(tenant), options)
      if (line !== undefined) return line
    }
  }
  return undefined
}

function commandOf(client: ClientConfig, cx: Context, options: CurlOptions): string | undefined {
  const { tenant } = cx
  const manner = MANNERS[tenant.dialect.name] ?? STANDARD
  const method = client.token_endpoint_auth_method ?? manner.method
  const [secret] = client.secrets
  const form = manner.form(client, tenant)
  const path = cx.face.endpoints.token
  const isSecret = method === 'client_secret_basic' || method === 'client_secret_post'
  if (secret === undefined || form === undefined || path === undefined || !isSecret) return undefined
  // A token that is bound to a certificate takes one.
  if (client.tls_client_certificate_bound_access_tokens) return undefined
  if (!client.grant_types.includes('client_credentials') || !isGranted(client, cx)) return undefined
  const { config, ports, showsSecret } = options
  // The listener itself, for the issuer may be a name that only others can resolve.
  const url = endpointUrl(listenerUrl(config.server, ports), path, {
    mount: tenant.path,
  })
  const credentials = showsSecret ? encoded(secret) : '$CLIENT_SECRET'
  const body = { grant_type: 'client_credentials', ...form }
  const login =
    method === 'client_secret_basic'
      ? [`-u ${quoted(`${encoded(client.client_id)}:${credentials}`)}`]
      : [
          `-d ${quoted(`client_id=${encoded(client.client_id)}`)}`,
          `-d ${quoted(`client_secret=${credentials}`)}`,
        ]
  const data = Object.entries(body).map(([name, value]) => `-d ${quoted(`${name}=${encoded(value)}`)}`)
  return ['curl -s', ...login, ...data, word(url)].join(' ')
}

/** Whether the configuration lets the client have a token at all. */
function isGranted(client: ClientConfig, cx: Context): boolean {
  try {
    plan({ client: client.client_id }, cx)
    return true
  } catch (error) {
    if (error instanceof OAuthError) return false
    throw error
  }
}

/** As a form writes it, which is also how Basic wants id and secret. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 */
function encoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

/** With the variable left as one; what is encoded has no other dollar sign. */
function quoted(data: string): string {
  return data.includes('$') ? `"${data}"` : word(data)
}
