import { facts, findClient } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError } from '../protocol/errors.ts'
import { formOf, json, NO_STORE, type Request } from '../protocol/messages.ts'
import { every } from '../protocol/params.ts'
import { assertHolder } from '../tokens/confirmation.ts'
import { aboutSubject, protectedFor } from '../tokens/userinfo.ts'
import { verifyAccessToken } from '../tokens/verify.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * Who the token is about; of a client's own token that is the client.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
export const userinfo: Endpoint = {
  name: 'userinfo',
  methods: ['GET', 'POST'],
  cors: true,
  metadata: { member: 'userinfo_endpoint', channel: 'back' },
  async answer(request, cx) {
    const live = await verifyAccessToken(bearerToken(request), cx)
    cx.exchange.client_id = live.client_id
    assertHolder(live, request.certificate, cx)
    const { claims } = live
    const plain = bend('response', cx.tenant.hooks, json(200, await aboutSubject(live, cx), NO_STORE), {
      endpoint: cx.endpoint,
      face: cx.face.name,
      facts: facts(cx, { claims, sub: claims['sub'] }),
    })
    return protectedFor(await findClient(live.client_id, cx), plain, cx)
  },
}

/**
 * The access token, from the header or, with POST, the form. One of them only.
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-2
 */
function bearerToken({ headers, body }: Request): string {
  const header = /^bearer +(\S+) *$/i.exec(headers['authorization'] ?? '')?.[1]
  const form = every(formOf({ body }), 'access_token')
  const [text, another] = header === undefined ? form : [header, ...form]
  if (another !== undefined) {
    throw new OAuthError(
      'token.several',
      'more than one access token came, in the header or the form; send one',
    )
  }
  if (text !== undefined) return text
  throw new OAuthError('token.missing', 'no access token came; send Authorization: Bearer TOKEN')
}
