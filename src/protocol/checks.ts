/** The checks that `strictness` can turn into a warning or off, and what each one holds a client to. */
export const CHECKS = {
  client_secret: 'the client secret is one of the registered ones',
  client_assertion: 'a client assertion has the type, claims, audience and times of RFC 7523',
  assertion_replay: 'a client assertion is used once',
  client_certificate:
    'the certificate of a TLS client is there where it is needed, valid, trusted and the registered one',
  client_auth_method: 'the client authenticates by the method it registered',
  grant_type: 'the client uses only grants it registered',
  scope: 'the scope is known and registered for the client',
  resource: 'the resource or audience is declared',
  redirect_uri: 'the redirect URI is one that the client registered (otherwise any loopback URI)',
  response_type: 'the client uses only response types it registered',
  pkce: 'a public client sends a code_challenge, and its code_verifier fits',
  nonce: 'an ID token that leaves the authorization endpoint has a nonce',
  refresh_token_reuse: 'a refresh token that was rotated is not used again',
  post_logout_redirect_uri:
    'the post-logout redirect URI is one that the client registered (otherwise any loopback URI)',
  content_type: 'parameters come in the body form that the endpoint takes',
  duplicate_parameter: 'no parameter comes twice',
} as const

export type Check = keyof typeof CHECKS

/** strict refuses · warn lets pass and warns · lax lets pass and mentions it. */
export type Level = 'strict' | 'warn' | 'lax'
