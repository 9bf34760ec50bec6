import { isAnswer } from './ask.ts'
import { type Check, info, ok } from './check.ts'

/** Whether scripts of a page may read what they need. @see https://fetch.spec.whatwg.org/#http-cors-protocol */
export const cors: Check = {
  name: 'cors',
  look({ discovery, jwks, metadata }) {
    if (metadata === undefined) return []
    const closed = [discovery, jwks].flatMap((reply) =>
      isAnswer(reply) && reply.headers['access-control-allow-origin'] === undefined ? [reply.url] : [],
    )
    return closed.length === 0
      ? [ok('scripts of other origins may read metadata and keys')]
      : [info(`scripts of other origins may not read ${closed.join(' and ')}: a single-page app cannot`)]
  },
}
