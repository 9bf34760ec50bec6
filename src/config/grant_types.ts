interface Client {
  readonly grant_types?: readonly string[] | undefined
  readonly redirect_uris?: readonly string[] | undefined
}

/** The grant types of a client; where none are given, who has a place to come back to signs users in. */
export function grantTypesOf({ grant_types, redirect_uris = [] }: Client): readonly string[] {
  return grant_types ?? (redirect_uris.length > 0 ? ['authorization_code'] : ['client_credentials'])
}
