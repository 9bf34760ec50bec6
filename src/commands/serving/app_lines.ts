/** What applications of common frameworks are told so that users can sign in: variables to copy. */
import { environment, factsOf } from '../../environment.ts'
import type { Running } from '../../provider.ts'
import { word } from '../shell/word.ts'

/** Framework, the kind of its variables, and those of them that a login needs. A secret is its owner's to add. */
const FRAMEWORKS: readonly (readonly [comment: string, kind: string, needed: RegExp])[] = [
  ["Auth.js: { id: 'idp', type: 'oidc' }", 'authjs', /_(ISSUER|ID)$/],
  ['Spring Boot', 'spring', /_CLIENT_.*_(ISSUERURI|CLIENTID|CLIENTAUTHENTICATIONMETHOD|SCOPE)$/],
  ['ASP.NET Core', 'dotnet', /OpenIdConnect__(Authority|RequireHttpsMetadata|ClientId|ResponseType)$/],
]

/** A line for each framework, about the first client at which users sign in; undefined where nobody can. */
export function appLines(running: Running): string[] | undefined {
  for (const { name: tenant, config } of running.tenants) {
    const client = config.clients.find(({ redirect_uris }) => redirect_uris.length > 0)?.client_id
    if (client !== undefined)
      return FRAMEWORKS.map((framework) => lineOf(framework, { tenant, client }, running))
  }
  return undefined
}

function lineOf(
  [comment, kind, needed]: (typeof FRAMEWORKS)[number],
  options: { readonly tenant: string; readonly client: string },
  running: Running,
): string {
  const variables = Object.entries(environment(kind, options, { facts: factsOf(running), caFile: undefined }))
  const settings = variables
    .filter(([name]) => needed.test(name))
    .map(([name, value]) => `${name}=${word(value)}`)
  return `${settings.join(' ')}  # ${comment}`
}
