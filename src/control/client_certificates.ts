import * as v from 'valibot'
import { strict } from '../config/strict.ts'
import { oneOf } from '../protocol/errors.ts'
import { call, type Desk, type Noun } from './call.ts'
import { Problem } from './problem.ts'

/** Certificates for declared clients, as they would get them from a CA that the provider trusts. */
export const clientCertificates: Noun = {
  name: 'client-certificates',
  summary: 'TLS certificates for clients',
  calls: [
    call({
      method: 'POST',
      path: '/client-certificates',
      summary:
        'Makes a certificate of the own CA with the names that the client registered, and its key; PEM. Of the first client of this name, where no tenant is named.',
      body: () => strict({ client: v.pipe(v.string(), v.description('client_id of a declared client')) }),
      gives: () => strict({ cert: v.string(), key: v.string() }),
      async answer({ body: { client: client_id } }, desk) {
        const { authority } = desk
        if (authority === undefined)
          throw new Problem(
            422,
            'the provider has no CA of its own; set server.tls: {} or server.tls.client_ca: auto',
          )
        const client = clientOf(client_id, desk)
        const { clientCertificate } = await import('../tls/client_certificate.ts')
        const { cert, key } = await clientCertificate(client, authority)
        return { status: 201, json: { cert, key } }
      },
    }),
  ],
}

function clientOf(client_id: string, { world, resident, tenantName }: Desk) {
  const tenants = tenantName === undefined ? world.tenants : [resident.tenant]
  const clients = tenants.flatMap(({ config }) => config.clients)
  const client = clients.find((each) => each.client_id === client_id)
  if (client !== undefined) return client
  const known = oneOf(clients.map((each) => each.client_id))
  throw new Problem(422, `there is no client ${client_id}; declared: ${known}`)
}
