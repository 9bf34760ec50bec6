import { isAnswer } from './ask.ts'
import { type Check, info, warn } from './check.ts'

const DAY_SECONDS = 86_400

/** How long clients keep the keys. @see https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2.2.1 */
export const caching: Check = {
  name: 'caching',
  look({ jwks, keys }) {
    if (!isAnswer(jwks) || keys === undefined) return []
    const said = jwks.headers['cache-control']
    if (said === undefined)
      return [info('the keys come without Cache-Control: each client keeps them as it likes')]
    const age = Number(/max-age=(\d+)/i.exec(said)?.[1] ?? 0)
    return age > DAY_SECONDS
      ? [warn(`the keys may be kept for ${age} s: after a rotation clients go on with the old ones`)]
      : [info(`of the keys: ${said}`)]
  },
}
