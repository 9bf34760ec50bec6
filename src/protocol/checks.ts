/** The checks that `strictness` can turn into a warning or off, and what each one holds a client to. */
export const CHECKS = {
  client_secret: 'the client secret is one of the registered ones',
  client_assertion: 'a client assertion has the type, claims, audience and times of RFC 7523',
  assertion_replay: 'a client assertion is used once',
  client_auth_method: 'the client authenticates by the method it registered',
  grant_type: 'the client uses only grants it registered',
  scope: 'the scope is known and registered for the client',
  resource: 'the resource or audience is declared',
  content_type: 'parameters come in the body form that the endpoint takes',
  duplicate_parameter: 'no parameter comes twice',
} as const

export type Check = keyof typeof CHECKS

/** strict refuses · warn lets pass and warns · lax lets pass and mentions it. */
export type Level = 'strict' | 'warn' | 'lax'
