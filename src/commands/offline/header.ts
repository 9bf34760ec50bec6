/** The JOSE header of a token that nobody signs. */
import { bend } from '../../hooks.ts'
import { type Members, membersOf } from '../../protocol/json.ts'
import type { TokenDraft } from '../../tokens/jwt.ts'
import { signingKeyOf } from './signing_key.ts'
import type { Offline } from './tenant.ts'

/** The header, with words in place of what only a running provider knows. */
export async function headerOf(
  draft: TokenDraft,
  specification: string,
  { config, cx }: Offline,
): Promise<Members> {
  const key = await signingKeyOf(config, draft.alg, cx)
  const plain = [
    ...membersOf({ typ: draft.typ }, specification),
    ...membersOf({ alg: key.alg }, key.from),
    ...membersOf({ kid: key.kid }, key.from),
  ]
  const bent = bend('header', cx.tenant.hooks, plain, {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts: { ...draft.facts, key },
  })
  const origin = (name: string) => (['alg', 'kid', 'x5t'].includes(name) ? key.from : undefined)
  return bent.map((member) => {
    const from = origin(member.name) ?? member.from
    return from === undefined ? member : { ...member, from }
  })
}
