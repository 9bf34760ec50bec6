/** Claims by which a token says what it is itself, and what decides each of them: none is a user's. */
export const TOKEN_CLAIMS: Readonly<Record<string, string>> = {
  sub: 'set sub beside claims',
  iss: 'set issuer.url',
  aud: 'it is the client that signs in, or the audience of the client',
  azp: 'it is the client that signs in',
  client_id: 'it is the client that signs in',
  scope: 'it is what the client asked for',
  exp: 'set lifetimes, or lifetime of the client',
  iat: 'it is the time of the clock',
  nbf: 'it is the time of the clock',
  auth_time: 'it is the time of the login',
  jti: 'it is random',
  sid: 'it is the session',
  nonce: 'it is what the client sent',
  at_hash: 'it is made of the access token',
  c_hash: 'it is made of the code',
  s_hash: 'it is made of the state',
}
