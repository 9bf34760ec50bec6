import * as v from 'valibot'
import { freeForm } from './free_form.ts'
import { PRIVATE_MEMBERS } from './private_members.ts'
import { addIssue, type Dataset, described, strict } from './strict.ts'

/** Public keys. @see https://www.rfc-editor.org/rfc/rfc7517.html#section-5 */
export function publicJwks() {
  return strict({ keys: described(v.array(publicJwk()), 'The public keys, each a JWK (RFC 7517).') })
}

function publicJwk(): ReturnType<typeof freeForm> {
  const any = freeForm()
  const run = (dataset: Dataset, config: v.Config<v.BaseIssue<unknown>>): Dataset => {
    const result = any['~run']({ value: dataset.value }, config) as Dataset
    if (!result.typed) return result
    const jwk = result.value as Record<string, unknown>
    for (const member of PRIVATE_MEMBERS) {
      if (!Object.hasOwn(jwk, member)) continue
      const message = `${member} is a private member of a key: give the public key only`
      addIssue(result, { type: 'refused_key', message, input: undefined, keys: [member] })
    }
    if (typeof jwk['kty'] === 'string') return result
    addIssue(result, {
      type: 'refused',
      message: 'a JWK needs the member kty',
      input: undefined,
      keys: ['kty'],
    })
    return result
  }
  return { ...any, '~run': run } as unknown as ReturnType<typeof freeForm>
}
