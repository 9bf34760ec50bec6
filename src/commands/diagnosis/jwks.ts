import { shown } from '../../protocol/errors.ts'
import { isAnswer, mediaType } from './ask.ts'
import { type Check, ok, warn, wrong } from './check.ts'
import { because } from './silence.ts'

const TYPES = ['application/json', 'application/jwk-set+json']

/** Whether the keys can be fetched. @see https://www.rfc-editor.org/rfc/rfc7517.html#section-5 */
export const jwks: Check = {
  name: 'jwks',
  look({ jwks, keys }) {
    if (jwks === undefined) return []
    if (!isAnswer(jwks)) {
      const why = jwks.code === 'ERR_INVALID_URL' ? jwks.message : because(jwks)
      return [
        wrong(`${shown(jwks.url)}: ${why}`, 'have the provider name a jwks_uri that can be called from here'),
      ]
    }
    const { url, status } = jwks
    if (status !== 200)
      return [wrong(`${url} answers ${status}`, 'have the provider name the right jwks_uri')]
    if (keys === undefined)
      return [
        wrong(
          `${url} answers no JSON object with a list of keys`,
          'have the provider send {"keys": [...]} there',
        ),
      ]
    const type = mediaType(jwks)
    return TYPES.includes(type)
      ? [ok(`${url}, ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`)]
      : [warn(`its content type is ${shown(type)}, expected ${TYPES.join(' or ')}`)]
  },
}
