import type { Change } from './change_schema.ts'
import type { ClientConfig, TenantConfig } from './config.ts'
import { found } from './found.ts'
import { given } from './given.ts'
import { MASK, maskConfig } from './mask.ts'
import type { Names } from './names.ts'
import { resolveFindings, resolveKeys, resolveStrictness } from './resolve.ts'
import { grantsOfDialect, resolveClient } from './resolve_client.ts'
import { resolveUser } from './resolve_user.ts'

const NO_FILES = { directory: '', content: () => '' }

/** A change that passed the checks, laid over what is there; what it does not touch stays the same object. */
export function applied(base: TenantConfig, change: Change, names: Names): TenantConfig {
  const { lifetimes, scopes, login, keys, entra = {} } = change
  return {
    ...base,
    strictness: resolveStrictness(change.strictness, base.strictness),
    findings: resolveFindings(change.findings, base.findings),
    lifetimes: { ...base.lifetimes, ...given(lifetimes) },
    keys: keys === undefined ? base.keys : resolveKeys(keys, 'keys', NO_FILES),
    resources: laidOver(base.resources, change.resources, ({ identifier }) => identifier),
    ...peopleOf(base, change, names),
    // No prototype: a scope is any token, also toString.
    scopes: Object.assign(Object.create(null), base.scopes, scopes),
    login: { ...base.login, ...given(login) },
    registration: registrationOf(base, change),
    entra: { ...base.entra, ...given(entra) },
    managed_identity: managedIdentityOf(base, change),
  }
}

function peopleOf(base: TenantConfig, { clients, users }: Change, names: Names) {
  const grants = grantsOfDialect(base.dialect, names)
  const known = found(base.clients, new Set(clients.map(({ client_id }) => client_id)), idOfClient)
  const usersKnown = found(
    base.users,
    new Set(users.map(({ username }) => username)),
    ({ username }) => username,
  )
  const newClients = clients.map((client) =>
    withKeptSecrets(resolveClient(client, NO_FILES, grants), known.get(client.client_id)),
  )
  const newUsers = users.map((user) => {
    const password = user.password === MASK ? usersKnown.get(user.username)?.password : user.password
    return resolveUser({ ...user, password })
  })
  return {
    clients: laidOver(base.clients, newClients, idOfClient),
    users: laidOver(base.users, newUsers, ({ username }) => username),
  }
}

function idOfClient({ client_id }: Pick<ClientConfig, 'client_id'>): string {
  return client_id
}

function registrationOf({ registration }: TenantConfig, change: Change): TenantConfig['registration'] {
  const { enabled, initial_access_token, allowed_origins } = change.registration
  const origins = allowed_origins?.map((origin) => new URL(origin).origin)
  return { ...registration, ...given({ enabled, initial_access_token, allowed_origins: origins }) }
}

function managedIdentityOf(
  { managed_identity }: TenantConfig,
  change: Change,
): TenantConfig['managed_identity'] {
  const { header, identities } = change.managed_identity ?? {}
  return { ...managed_identity, ...given({ header, identities }) }
}

/** Where a masked secret stands, the one that is there is meant; the checks saw to it that there are as many. */
function withKeptSecrets(client: ClientConfig, known: ClientConfig | undefined): ClientConfig {
  if (known === undefined) return client
  const kept = [...known.secrets]
  const secrets = client.secrets.map((secret) => (secret === MASK ? (kept.shift() as string) : secret))
  const { certificate } = known
  const isMasked = certificate !== client.certificate && maskConfig(certificate) === client.certificate
  return { ...client, secrets, ...(isMasked && { certificate }) }
}

/** What has a name that is there takes its place; what is new comes last. */
function laidOver<T>(base: readonly T[], changed: readonly T[], nameOf: (item: T) => string): readonly T[] {
  if (changed.length === 0) return base
  const left = new Map(changed.map((item) => [nameOf(item), item]))
  const kept = base.map((item) => {
    const other = left.get(nameOf(item))
    left.delete(nameOf(item))
    return other ?? item
  })
  return [...kept, ...left.values()]
}
