import { asksForCertificates } from '../config/asks_for_certificates.ts'
import { type ChangeOptions, changeSchema } from '../config/change.ts'
import type { ResolvedConfig } from '../config/resolve.ts'
import { names } from '../names.ts'
import { later } from '../protocol/later.ts'
import type { Resident } from '../world/resident.ts'
import type { World } from '../world/world.ts'

const schema = later(() => changeSchema(names))

/** What a change of a tenant is checked by. */
export function changeOptions({ declared }: Resident, { config }: World): ChangeOptions {
  return { names, schema, algs: declared.keys.algs(), clientTls: clientTlsOf(config) }
}

function clientTlsOf(config: ResolvedConfig): ChangeOptions['clientTls'] {
  const { tls } = config.server
  if (tls === undefined) return 'not served'
  if (!asksForCertificates(config)) return 'not asked'
  return tls.client_ca === null ? 'no CA' : 'CA'
}
