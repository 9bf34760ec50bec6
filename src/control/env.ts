import * as v from 'valibot'
import { strict } from '../config/strict.ts'
import { environment, type Facts, factsOf, kinds } from '../environment.ts'
import { oneOf } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { Desk, Noun } from './call.ts'
import { because, Problem } from './problem.ts'

const texts = () => v.array(v.string())

const clientFacts = () =>
  strict({
    client_id: v.string(),
    secret: v.optional(v.string()),
    ...{ redirect_uris: texts(), audience: texts(), scopes: texts() },
  })

const azureFacts = () =>
  strict({
    tenant_id: v.string(),
    authority_host: v.optional(v.string()),
    variables: v.record(v.string(), v.string()),
    identities: v.array(strict({ name: v.string(), client_id: v.string() })),
  })

const tenantFacts = () =>
  strict({
    ...{ name: v.string(), dialect: v.string(), issuer: v.string() },
    clients: v.array(clientFacts()),
    resources: texts(),
    urls: v.record(v.string(), v.string()),
    azure: v.optional(azureFacts()),
  })

/** How programs are told of the provider. */
export const env: Noun = {
  name: 'env',
  summary: 'Environment variables for programs that are to find the provider',
  calls: [
    {
      method: 'GET',
      path: '/env',
      summary: `The variables for programs of a kind: ${oneOf(kinds)}. They hold the secret of a client that has one.`,
      query: {
        kind: { summary: `What the programs are: ${oneOf(kinds)}`, example: 'generic' },
        client: { summary: 'client_id of a declared client; by default the first that fits', example: 'web' },
        ca_file: {
          summary: 'Where the CA is kept for the programs; variables for it are then among the others',
        },
      },
      gives: () => v.record(v.string(), v.string()),
      answer({ query: { kind, client, ca_file } }, desk) {
        if (kind === undefined) throw new Problem(400, `the query has no kind; expected ${oneOf(kinds)}`)
        return { json: { ...variables(kind, { client, caFile: ca_file }, desk) } }
      },
    },
    {
      method: 'GET',
      path: '/env/facts',
      summary:
        'What the variables are made of, for programs that make their own: the tenants of the configuration, or the one that is named.',
      gives: () => strict({ items: v.array(tenantFacts()) }),
      answer(_asked, desk) {
        const tenants = desk.tenantName === undefined ? desk.world.tenants : [desk.resident.tenant]
        return { json: { items: objectsOf(factsOf(servingOf(desk), tenants)) } }
      },
    },
  ],
}

interface Wanted {
  readonly client: string | undefined
  readonly caFile: string | undefined
}

/** What is not there is told as such. */
function variables(kind: string, { client, caFile }: Wanted, desk: Desk) {
  const { world, tenantName } = desk
  const tenants = tenantName === undefined ? world.tenants : [...world.tenants, desk.resident.tenant]
  const facts = factsOf(servingOf(desk), [...new Set(tenants)])
  try {
    return environment(kind, { tenant: tenantName, client }, { facts, caFile })
  } catch (cause) {
    if (cause instanceof TypeError) throw because(cause, 422, cause.message)
    throw cause
  }
}

function servingOf({ world, place: { url, httpsUrl }, context }: Desk) {
  return { tenants: world.tenants, url, httpsUrl, context }
}

/** As JSON. */
function objectsOf(facts: Facts): Json[] {
  return facts as unknown as Json[]
}
