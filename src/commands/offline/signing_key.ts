import type { KeyConfig, ResolvedConfig } from '../../config/resolve.ts'
import type { Context } from '../../context.ts'
import { kidOf } from '../../keys/jwks.ts'

/** The key that would sign, as the templates of a header know it. */
export interface SigningKeyFacts {
  readonly alg: string
  readonly kid: string
  readonly x5t: string
  readonly from: string
}

const NEW = '(new at each start)'

/** Nothing is made for it: a key that a start generates has no name yet. */
export async function signingKeyOf(
  config: ResolvedConfig,
  alg: string | undefined,
  cx: Context,
): Promise<SigningKeyFacts> {
  const { keys, dialect } = cx.tenant
  const own = cx.tenant.config.keys
  const specs = own.length > 0 ? own : config.keys
  const index = keys.entries.findIndex(
    (key) => key.status === 'active' && (alg === undefined || key.alg === alg),
  )
  const spec = specs[index]
  const chosen = keys.entries[index]?.alg ?? 'none'
  if (spec !== undefined && !isGenerated(spec)) {
    const key = await keys.select('active', alg)
    const x5t = dialect.keys.certificate ? (await key.certificate()).x5t : ''
    return { alg: key.alg, kid: await kidOf(key, dialect.keys), x5t, from: spec.at }
  }
  const text = config.server.state_dir === null ? NEW : `(kept in ${config.server.state_dir})`
  const kid = spec?.kid ?? text
  return { alg: chosen, kid, x5t: text, from: spec?.at ?? 'default: one generated key' }
}

/** Whether a start makes the key, instead of reading it. */
function isGenerated({ pem, jwk }: KeyConfig): boolean {
  return pem === undefined && jwk === undefined
}

/** Whether no running provider can have the key that signs with this algorithm. */
export function isFresh(config: ResolvedConfig, alg: string, { tenant }: Context): boolean {
  const specs = tenant.config.keys.length > 0 ? tenant.config.keys : config.keys
  const spec = specs[tenant.keys.entries.findIndex((key) => key.status === 'active' && key.alg === alg)]
  return config.server.state_dir === null && (spec === undefined || isGenerated(spec))
}
