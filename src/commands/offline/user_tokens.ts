/** What a client gets beside the access token when a user signs in: the ID token, and what userinfo tells. */
import { type Context, facts } from '../../context.ts'
import { bend } from '../../hooks.ts'
import { secretAlgs } from '../../keys/sign.ts'
import { type Members, membersOf, objectOf, overlay } from '../../protocol/json.ts'
import { json } from '../../protocol/messages.ts'
import type { TokenDraft } from '../../tokens/jwt.ts'
import { headerOf } from './header.ts'
import type { Offline } from './tenant.ts'

/** The JOSE header of an ID token; where the client's secret signs it, or nobody, it names no key. */
export async function idTokenHeader(draft: TokenDraft, at: Offline): Promise<Members> {
  const { alg } = draft
  if (alg !== 'none' && !secretAlgs.includes(alg ?? '')) return await headerOf(draft, 'OpenID Connect', at)
  return membersOf({ typ: draft.typ, alg }, `id_token_signed_response_alg of client ${at.client}`)
}

/** What the endpoint answers to an access token with these claims. */
export function userinfoOf(released: Members, access: Members, cx: Context): Members {
  const claims = objectOf(access)
  const draft = overlay(
    access.filter(({ name }) => name === 'sub'),
    released,
  )
  const { body } = bend('response', cx.tenant.hooks, json(200, draft), {
    endpoint: 'userinfo',
    face: cx.face.name,
    facts: facts(cx, { claims, sub: claims['sub'] }),
  })
  return Array.isArray(body) ? withOrigins(body, draft) : draft
}

/** A dialect that makes an answer anew loses where its members came from. */
function withOrigins(body: Members, draft: Members): Members {
  return body.map((member) => {
    const from = member.from ?? draft.find(({ name }) => name === member.name)?.from
    return from === undefined ? member : { ...member, from }
  })
}
