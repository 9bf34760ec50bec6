import { isDeepStrictEqual } from 'node:util'
import { client } from './client.ts'
import type { ClientConfig } from './config.ts'
import type { ClientInput } from './input.ts'
import { MASK, maskConfig, type Secrets } from './mask.ts'
import type { Names } from './names.ts'
import { grantsOfDialect, resolveClient } from './resolve_client.ts'
import type { Config } from './schema.ts'
import { withoutDefaults } from './without_defaults.ts'

/** What is filled in, or follows from the other keys, where a client does not say it. */
const DERIVED = [
  'audience',
  'grant_types',
  'response_types',
  'require_pkce',
  'id_token_encrypted_response_enc',
  'userinfo_encrypted_response_enc',
] as const

const IS_DERIVED: ReadonlySet<string> = new Set(DERIVED)

const NO_FILES = { directory: '', content: () => '' }

interface View {
  readonly names: Names
  /** Of the tenant: in some, clients that say nothing may use every grant. */
  readonly dialect: string
  readonly secrets: Secrets
}

/** The client with every key that a configuration has for it. */
export function spelledClient({ client_id, secrets, scopes, redirect_uris, ...rest }: ClientConfig): object {
  const ofScripts = rest.entra?.spa_redirect_uris.length ?? 0
  return {
    client_id,
    ...(secrets.length > 0 && { secrets }),
    ...rest,
    redirect_uris: redirect_uris.slice(0, redirect_uris.length - ofScripts),
    ...(scopes !== undefined && { scope: scopes.join(' ') }),
  }
}

/** Describes clients as a configuration would: validated again, what comes out is the same client. */
export function clientDescriber({ names, dialect, secrets }: View): (client: ClientConfig) => ClientInput {
  const shorten = withoutDefaults(client(names))
  const grants = grantsOfDialect(dialect, names)
  return (config) => {
    const shown = shorten(withoutDerived(config, grants)) as ClientInput
    return withSecrets(shown, config, secrets)
  }
}

/** One secret stands where most clients have it. */
function withSecrets(client: ClientInput, config: ClientConfig, view: Secrets): ClientInput {
  const { client_id, client_name, secrets: _, certificate, ...rest } = client
  const secrets = view === 'shown' ? config.secrets : config.secrets.map(() => MASK)
  const [only] = secrets
  return {
    client_id,
    ...(client_name !== undefined && { client_name }),
    ...(only !== undefined && (secrets.length > 1 ? { secrets: [...secrets] } : { client_secret: only })),
    ...rest,
    ...(certificate !== undefined && {
      certificate: view === 'shown' ? certificate : (maskConfig(certificate) as string),
    }),
  }
}

/** Each of them follows from the others, so they are looked at in their order. */
function withoutDerived(config: ClientConfig, grants: readonly string[] | undefined): object {
  const all = spelledClient(config) as Readonly<Record<string, unknown>>
  const rest: Record<string, unknown> = {}
  for (const key in all) if (all[key] !== undefined && !IS_DERIVED.has(key)) rest[key] = all[key]
  const implied = () => resolveClient(rest as unknown as Config['clients'][number], NO_FILES, grants)
  let known = implied()
  for (const key of DERIVED) {
    if (isDeepStrictEqual(known[key], config[key])) continue
    rest[key] = config[key]
    known = implied()
  }
  return rest
}
