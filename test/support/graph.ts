/** A tenant with people in it, and tokens for Graph. */
import type { ConfigInput } from '../../src/config/input.ts'
import type { StartedIdp } from '../../src/index.ts'
import { bearer } from './token.ts'

export const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
export const ADA = 'ada@contoso.example'
export const ADA_ID = 'f0000000-0000-4000-8000-000000000001'
export const READERS = 'e0000000-0000-4000-8000-000000000001'
/** The template of a directory role: global readers. */
export const ROLE = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
const GRAPH = 'https://graph.microsoft.com'

export const CONFIG = {
  dialect: 'entra',
  id: TENANT,
  aliases: ['contoso.onmicrosoft.com', 'contoso.example'],
  clients: [
    { client_id: 'web', client_secret: 's3cret' },
    { client_id: 'batch', client_secret: 's3cret', roles: ['User.Read.All'] },
    { client_id: 'idle', client_secret: 's3cret' },
  ],
  users: [
    {
      username: ADA,
      sub: ADA_ID,
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      email: 'ada.lovelace@contoso.example',
      phone_number: '+44 20 7946 0000',
      locale: 'en-GB',
      groups: ['engineers', READERS],
      entra: { directory_roles: [ROLE] },
      claims: { jobTitle: 'Analyst' },
    },
    { username: 'bob', groups: { generate: 250 } },
  ],
} satisfies ConfigInput

/** The header of a user's token for Graph, or of an application's own. */
export async function graphToken(
  idp: StartedIdp,
  user?: string,
  client = user === undefined ? 'batch' : 'web',
) {
  const audience = GRAPH
  return bearer(await idp.token({ client, audience, ...(user !== undefined && { user }) }))
}
