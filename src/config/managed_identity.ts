import * as v from 'valibot'
import { guid } from './entra.ts'
import { oneOf, text } from './scalars.ts'
import { described, strict } from './strict.ts'

/** Identities of Azure machines, whose tokens need no secret. @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview */
export function managedIdentity() {
  return strict({
    header: described(
      v.optional(text()),
      'What IDENTITY_HEADER is, the secret that App Service and others want; or header_file; default: random at each start.',
    ),
    header_file: described(
      v.optional(text()),
      'File with that value, relative to this file; one line end at its end is dropped.',
    ),
    arc_key_file: described(
      v.optional(text()),
      'File NAME.key, relative to this file, that the application has in /var/opt/azcmagent/tokens: its content proves to Azure Arc that both are on one machine; default: none, Azure Arc gives no tokens.',
    ),
    identities: described(
      v.optional(v.array(identity())),
      'The identities; default: one of type SystemAssigned without roles.',
    ),
  })
}

function identity() {
  return strict({
    name: described(text(), 'Its name, once per tenant; the ids that are left out are made of it.'),
    type: described(
      v.optional(oneOf(['SystemAssigned', 'UserAssigned']), 'UserAssigned'),
      'SystemAssigned is the one that requests without a selector get; default UserAssigned.',
    ),
    client_id: described(v.optional(guid()), 'Its client id; default: made of tenant and name.'),
    object_id: described(v.optional(guid()), 'Its object id; default: made of tenant and name.'),
    resource_id: described(
      v.optional(text()),
      'Its Azure resource id, /subscriptions/…; default: made of its name.',
    ),
    roles: described(v.optional(v.array(text()), []), 'The roles claim of its tokens; default none.'),
  })
}
