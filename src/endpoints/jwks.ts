import { facts } from '../context.ts'
import { bend } from '../hooks.ts'
import { jwks as jwksOf } from '../keys/jwks.ts'
import { type Members, membersOf, objectOf } from '../protocol/json.ts'
import { json, REVALIDATE } from '../protocol/messages.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The public keys.
 * @see https://www.rfc-editor.org/rfc/rfc7517.html#section-5
 */
export const jwks: Endpoint = {
  name: 'jwks',
  methods: ['GET'],
  cors: true,
  metadata: { member: 'jwks_uri', channel: 'back' },
  async answer(_request, cx) {
    const { keys } = await jwksOf(cx.tenant.keys, cx.tenant.dialect.keys)
    const drafts: Members[] = keys.map((key) => membersOf(key))
    const bent = bend('jwks', cx.tenant.hooks, drafts, {
      endpoint: cx.endpoint,
      face: cx.face.name,
      facts: facts(cx),
    })
    const { jwksCacheControl } = cx.tenant
    const headers = jwksCacheControl === undefined ? REVALIDATE : { 'cache-control': jwksCacheControl }
    return json(200, membersOf({ keys: bent.map(objectOf) }), headers)
  },
}
