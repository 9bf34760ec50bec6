interface Client {
  readonly grant_types?: readonly string[] | undefined
  readonly redirect_uris?: readonly string[] | undefined
  readonly entra?: { readonly spa_redirect_uris?: readonly string[] | undefined } | undefined
}

/** The grant types of a client; where none are given, who has a place to come back to signs users in. */
export function grantTypesOf(client: Client): readonly string[] {
  return (
    client.grant_types ??
    (redirectUrisOf(client).length > 0 ? ['authorization_code'] : ['client_credentials'])
  )
}

/** The same where the provider registers no grant types: all of these that a client with its redirect URIs can use. */
export function usableGrantTypes(client: Client, grants: readonly string[]): readonly string[] {
  const returns = redirectUrisOf(client).length > 0
  // Tokens through the browser are a switch of their own; the others refuse a client without credentials themselves.
  return (
    client.grant_types ??
    grants.filter((grant) => grant !== 'implicit' && (returns || grant !== 'authorization_code'))
  )
}

/** Where users come back, whatever the type of the redirect URI. @see https://learn.microsoft.com/entra/identity-platform/reply-url */
export function redirectUrisOf({ redirect_uris = [], entra }: Client): readonly string[] {
  const { spa_redirect_uris = [] } = entra ?? {}
  return spa_redirect_uris.length === 0 ? redirect_uris : [...redirect_uris, ...spa_redirect_uris]
}
