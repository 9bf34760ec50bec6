import { SECRETS } from '../config/check_rules.ts'
import { client } from '../config/client.ts'
import { clientDescriber } from '../config/describe_client.ts'
import { names } from '../names.ts'
import type { Noun } from './call.ts'
import { declaredNoun } from './declared.ts'

/** Clients of the configuration; those that registered themselves are not among them. */
export const clients: Noun = declaredNoun({
  kind: 'clients',
  summary: 'Clients',
  schema: () => client(names),
  describer: (secrets, dialect) => clientDescriber({ names, dialect, secrets }),
  exclusive: SECRETS,
})
