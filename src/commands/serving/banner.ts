/** What a start prints: where the provider is, whom it knows, and a line to copy. */
import { clientAuthMethodsOf } from '../../client_auth/authenticate.ts'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { type ClientConfig, type Context, issuerOf, type Tenant, type UserConfig } from '../../context.ts'
import type { Running } from '../../provider.ts'
import { VERSION } from '../../version.ts'
import { table } from '../shell/help.ts'
import { appLines } from './app_lines.ts'
import { azureLines } from './azure_lines.ts'
import { curlFor } from './curl.ts'
import { loginLines } from './login_lines.ts'
import { isLoopback } from './network.ts'
import { caFacts, trustLines } from './trust_lines.ts'

const MOST = 10

/** @param file where the configuration came from; undefined is the demo */
export function banner(running: Running, file: string | undefined): string {
  const { tenants, config } = running
  const clients = tenants.flatMap((tenant) =>
    tenant.config.clients.slice(0, MOST + 1).map((client) => [tenant, client] as const),
  )
  const count = tenants.reduce((sum, tenant) => sum + tenant.config.clients.length, 0)
  const several = tenants.length > 1
  return [
    `IdP Double ${VERSION} - TEST ONLY: a provider for tests and development, never for production`,
    '',
    table([
      ...places(running),
      ['configuration', file ?? 'built-in demo; idp-double init writes one to begin with'],
    ]),
    ...section(
      'tenants',
      listed(tenants, tenants.length, (tenant) => tenantRow(tenant, running)),
    ),
    ...section(
      'clients',
      listed(clients, count, ([tenant, client]) => clientRow(client, several ? tenant : undefined)),
    ),
    ...section('users', usersOf(tenants)),
    ...section('its CA', indented(trustLines(running))),
    ...section('a token', copyable(running, config, file)),
    ...section('a login', indented(loginLines(tenants, running.context))),
    // Whoever wrote a configuration has an application that knows it.
    ...(file === undefined ? section('an application', indented(appLines(running))) : []),
    ...section('azure', indented(azureLines(running))),
    '',
    '',
  ].join('\n')
}

/** The issuer stands first: it is the first URL that a start prints. */
function places(running: Running): (readonly [string, string])[] {
  const issuer = firstIssuer(running)
  return [
    ['issuer', issuer],
    ['discovery', discoveryOf(issuer)],
    ...(running.httpsUrl === undefined ? [] : [['https', running.httpsUrl] as const]),
    ...(running.config.control.enabled ? [['inspector', `${running.url}/_mock/`] as const] : []),
  ]
}

/** The issuer of the first tenant; without one, where the listener is. */
export function firstIssuer({ tenants, context, url }: Running): string {
  const [tenant] = tenants
  return tenant === undefined ? url : issuerOf(context(tenant))
}

function discoveryOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function tenantRow(tenant: Tenant, { context }: Running): readonly [string, string] {
  const issuers = issuersOf(context(tenant)).join('  ')
  return [`${tenant.name} (${tenant.dialect.name})`, issuers]
}

function issuersOf(cx: Context): string[] {
  return [...new Set(cx.tenant.dialect.faces.map((face) => issuerOf(cx, face)))]
}

function clientRow(client: ClientConfig, tenant: Tenant | undefined): readonly [string, string] {
  const methods = clientAuthMethodsOf(client).join(' or ')
  const name = tenant === undefined ? client.client_id : `${client.client_id} (${tenant.name})`
  const title = client.client_name === undefined ? '' : `  ${client.client_name}`
  return [name, `${client.grant_types.join(' ')}  ${methods}${title}`]
}

/** Only where somebody can sign in. */
function usersOf(tenants: readonly Tenant[]): string | undefined {
  const users = tenants.flatMap((tenant) => tenant.config.users.slice(0, MOST + 1))
  const count = tenants.reduce((sum, tenant) => sum + tenant.config.users.length, 0)
  return count === 0 ? undefined : listed(users, count, userRow)
}

function userRow({ username, standard, roles, groups }: UserConfig): readonly [string, string] {
  const all = [standard['email'], ...roles, ...groups].filter((each) => each !== undefined)
  const rest = all.length - MOST
  return [username, `${all.slice(0, MOST).join('  ')}${rest > 0 ? `  and ${rest} more` : ''}`]
}

function indented(lines: readonly string[] | undefined): string | undefined {
  return lines?.map((line) => `  ${line}`).join('\n')
}

function listed<T>(items: readonly T[], count: number, row: (item: T) => readonly [string, string]): string {
  const shown = items.slice(0, MOST)
  if (shown.length === 0) return '  none'
  const rest = count - shown.length
  return `${table(shown.map(row))}${rest > 0 ? `\n  and ${rest} more` : ''}`
}

function section(title: string, body: string | undefined): string[] {
  return body === undefined ? [] : ['', title, body]
}

/**
 * The line must work when it is copied, so it holds the secret: one of the demo, which nobody else has, or a
 * configured one where only this machine can see the provider. Elsewhere, in a container for one, output ends up
 * in collected logs, and a variable stands for a configured secret.
 */
function copyable(
  { tenants, context, ports }: Running,
  config: ResolvedConfig,
  file: string | undefined,
): string | undefined {
  const showsSecret = file === undefined || isLoopback(config.server.host)
  const line = curlFor(tenants, context, { config, ports, showsSecret })
  return line === undefined ? undefined : `  ${line}`
}

/** The same for machines. */
export function readyEvent(running: Running): string {
  const { tenants, context, port, url, httpsUrl } = running
  return JSON.stringify({
    event: 'ready',
    issuer: firstIssuer(running),
    url,
    port,
    ...(httpsUrl !== undefined && { https_url: httpsUrl }),
    ...caFacts(running),
    tenants: tenants.map((tenant) => ({
      name: tenant.name,
      dialect: tenant.dialect.name,
      issuer: issuerOf(context(tenant)),
    })),
  })
}
