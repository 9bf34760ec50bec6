/** Options that several commands share. */
export const CONFIG = {
  config: { type: 'string', short: 'c', value: 'FILE', help: 'configuration, YAML or JSON' },
} as const

export const TENANT = {
  tenant: { type: 'string', value: 'T', help: 'name of the tenant, where there are several' },
} as const

/** Whom a token is for, and of which client it is. */
export const TARGET = {
  client: { type: 'string', value: 'ID', required: true, help: 'client_id of a declared client' },
  user: { type: 'string', value: 'NAME', help: 'username of a declared user who signs in at the client' },
  resource: { type: 'string', value: 'ID', multiple: true, help: 'identifier of the API that it is for' },
  audience: { type: 'string', value: 'A', multiple: true, help: 'the same, for what is not declared' },
  scope: { type: 'string', value: 'S', help: 'scope tokens, separated by spaces' },
} as const
