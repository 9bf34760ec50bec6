import { shown } from '../../protocol/errors.ts'
import { isAnswer, objectIn } from './ask.ts'
import { type Check, info, ok, type Remark, warn } from './check.ts'

/**
 * Clients of OpenID Connect put the well-known path behind the issuer, those of OAuth before its path.
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-5
 */
export const pathForms: Check = {
  name: 'forms',
  look({ discovery, oauth, metadata }): readonly Remark[] {
    if (metadata === undefined || !isAnswer(oauth) || !isAnswer(discovery)) return []
    if (discovery.status !== 200)
      return [warn(`only ${oauth.url} is there: clients of OpenID Connect find nothing`)]
    const other = oauth.status === 200 ? objectIn(oauth) : undefined
    if (other === undefined) return [info(`${oauth.url} is not there: clients of OAuth alone ask for it`)]
    return other['issuer'] === metadata['issuer']
      ? [ok(`${oauth.url} says the same`)]
      : [warn(`${oauth.url} names another issuer: ${shown(other['issuer'])}`)]
  },
}
