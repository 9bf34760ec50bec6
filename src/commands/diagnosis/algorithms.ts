import type { KeyObject } from 'node:crypto'
import { shown } from '../../protocol/errors.ts'
import { type Check, type Metadata, ok, type Remark, warn, wrong } from './check.ts'
import { keyOf } from './keys.ts'

/** What an algorithm needs: the type of the key, and for curves its name. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1 */
const NEEDS: readonly (readonly [alg: RegExp, fits: (key: KeyObject) => boolean])[] = [
  [/^(RS|PS)(256|384|512)$/, ({ asymmetricKeyType }) => /^rsa/.test(asymmetricKeyType ?? '')],
  [/^ES256$/, isOn('prime256v1')],
  [/^ES384$/, isOn('secp384r1')],
  [/^ES512$/, isOn('secp521r1')],
  [/^(EdDSA|Ed25519|Ed448)$/, ({ asymmetricKeyType }) => /^ed/.test(asymmetricKeyType ?? '')],
]

function isOn(curve: string) {
  return ({ asymmetricKeyDetails }: KeyObject) => asymmetricKeyDetails?.namedCurve === curve
}

/** Whether each advertised algorithm has a key. @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export const algorithms: Check = {
  name: 'algorithms',
  look({ metadata, keys }) {
    const advertised = metadata?.['id_token_signing_alg_values_supported']
    if (!Array.isArray(advertised) || keys === undefined) return []
    const asymmetric = advertised.filter((alg) => needOf(alg) !== undefined)
    const without = asymmetric.filter((alg) => !keys.some((jwk) => canSign(jwk, alg)))
    const remarks: Remark[] = []
    if (!advertised.includes('RS256'))
      remarks.push(
        warn('RS256 is not advertised: clients that name no algorithm expect it, and every provider has it'),
      )
    if (without.length > 0 && without.length === asymmetric.length)
      remarks.push(
        wrong(
          `no key fits ${without.join(', ')}, which the metadata advertises for ID tokens`,
          'have the provider publish the keys that it signs with',
        ),
      )
    else if (without.length > 0) remarks.push(warn(`no key fits ${without.join(', ')}, which is advertised`))
    return remarks.length > 0 ? remarks : [ok(`${advertised.map(shown).join(', ')}: a key fits each`)]
  },
}

function needOf(alg: unknown) {
  return NEEDS.find(([name]) => typeof alg === 'string' && name.test(alg))?.[1]
}

function canSign(jwk: Metadata, alg: unknown): boolean {
  const key = jwk['alg'] === undefined || jwk['alg'] === alg ? keyOf(jwk) : undefined
  return key !== undefined && needOf(alg)?.(key) === true
}
