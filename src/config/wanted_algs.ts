import type { ClientConfig, TenantConfig } from './config.ts'

/** An algorithm of the provider's keys, and who asks for signatures by it. */
export interface WantedAlg {
  readonly who: string
  readonly alg: string
}

/** The algorithms that clients and resources registered for what is signed for them. */
export function wantedAlgs({
  clients,
  resources,
}: Pick<TenantConfig, 'clients' | 'resources'>): readonly WantedAlg[] {
  const ofResources = resources.flatMap(({ identifier, access_token: { signing_alg: alg } }) =>
    alg === undefined ? [] : [{ who: `resource ${identifier}`, alg }],
  )
  const ofClients = clients.flatMap((client) =>
    algsOf(client).map((alg) => ({ who: `client ${client.client_id}`, alg })),
  )
  return [...ofResources, ...ofClients]
}

/** Not those of a secret, and not none: no key signs with them. */
function algsOf(client: ClientConfig): readonly string[] {
  const algs = [
    client.access_token.signing_alg,
    client.introspection_signed_response_alg,
    client.id_token_signed_response_alg,
    client.userinfo_signed_response_alg,
  ]
  return algs.flatMap((alg) => (alg === undefined || alg === 'none' || alg.startsWith('HS') ? [] : [alg]))
}
