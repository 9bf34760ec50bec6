import type { ClientConfig, ResourceConfig, TenantConfig } from '../config/resolve.ts'
import type { Registry } from '../context.ts'
import type { Dialect, KnownResource, KnownResources } from '../dialects/dialect.ts'
import { isGuid } from '../protocol/uuid.ts'
import type { Indexes } from './indexes.ts'

/** The configuration with the ids that resources have though it does not say them. */
export function identified(
  config: TenantConfig,
  { name, resources: known }: Pick<Dialect, 'name' | 'resources'>,
  indexes: Indexes,
): TenantConfig {
  const { resources } = config
  if (known === undefined || resources.length === 0) return config
  const make = () => resources.map((resource) => withId(resource, known))
  return { ...config, resources: indexes.of(resources, `identified ${name}`, make) }
}

function withId(resource: ResourceConfig, known: KnownResources): ResourceConfig {
  if (resource.id !== undefined) return resource
  const own = known.named(resource.identifier)?.id
  const application = known.applicationOf(resource.identifier)
  const id = own ?? (application !== undefined && isGuid(application) ? application : undefined)
  return id === undefined ? resource : { ...resource, id }
}

/** A registry that knows the resources which nobody declares: those of the provider, and each client as one. */
export function withKnown(registry: Registry, { resources: known }: Pick<Dialect, 'resources'>): Registry {
  if (known === undefined) return registry
  const { clients, resources, scopeOwners, roleOwners, users, accounts } = registry
  return {
    clients,
    resources: new KnownNames(resources, clients, known),
    scopeOwners,
    roleOwners,
    users,
    accounts,
    get subjects() {
      return registry.subjects
    },
  }
}

/** A map over another one; it lists the entries of that one alone. */
class KnownNames extends Map<string, ResourceConfig> {
  readonly #declared: ReadonlyMap<string, ResourceConfig>
  readonly #clients: ReadonlyMap<string, ClientConfig>
  readonly #known: KnownResources
  /** By id, so that one resource is one object under all its names. */
  readonly #made = new Map<string, ResourceConfig>()

  constructor(
    declared: ReadonlyMap<string, ResourceConfig>,
    clients: ReadonlyMap<string, ClientConfig>,
    known: KnownResources,
  ) {
    super(declared)
    this.#declared = declared
    this.#clients = clients
    this.#known = known
  }

  override get(name: string): ResourceConfig | undefined {
    const declared = this.#declared.get(name)
    if (declared !== undefined) return declared
    const known = this.#known.named(name) ?? this.#application(name)
    return known && (this.#declared.get(known.id) ?? this.#resource(known))
  }

  #application(name: string): KnownResource | undefined {
    const id = this.#known.applicationOf(name)
    return id === undefined || this.#clients.get(id) === undefined
      ? undefined
      : { id, identifier: `api://${id}` }
  }

  #resource({ id, identifier }: KnownResource): ResourceConfig {
    const made = this.#made.get(id) ?? { ...NOTHING, id, identifier }
    this.#made.set(id, made)
    return made
  }
}

const NOTHING = {
  scopes: [],
  roles: [],
  claims: {},
  entra: { optional_claims: [], group_membership_claims: [] },
  access_token: {},
} satisfies Omit<ResourceConfig, 'identifier'>
