import type { Context } from '../context.ts'
import { bend, type Situation } from '../hooks.ts'
import { kidOf } from '../keys/jwks.ts'
import type { SigningKey } from '../keys/keys.ts'
import { sign } from '../keys/sign.ts'
import { type Members, membersOf, stringify } from '../protocol/json.ts'

/** What a token is made of before the stages bend it. */
export interface TokenDraft {
  readonly claims: Members
  /** The media type of the `typ` header, e.g. `at+jwt`. */
  readonly typ: string
  readonly alg?: string | undefined
  readonly facts: Readonly<Record<string, unknown>>
}

export interface SignedToken {
  readonly text: string
  readonly claims: Members
  readonly header: Members
}

/**
 * Makes a JWT, stage by stage: claims → header → key → signature → text. Hooks bend each of them.
 * @see https://www.rfc-editor.org/rfc/rfc7519.html#section-7.1
 */
export async function issueJwt(draft: TokenDraft, cx: Context): Promise<SignedToken> {
  const { hooks } = cx.tenant
  const at: Situation = { endpoint: cx.endpoint, face: cx.face.name, facts: draft.facts }
  const claims = bend('claims', hooks, draft.claims, at)
  const key = await cx.tenant.keys.select(bend('key', hooks, 'active', at), draft.alg)
  const keyed: Situation = { ...at, facts: { ...draft.facts, key: await keyFacts(key, cx) } }
  const header = bend(
    'header',
    hooks,
    membersOf({ typ: draft.typ, alg: key.alg, kid: await kidOf(key, cx.tenant.dialect.keys) }),
    keyed,
  )
  const input = `${encode(header)}.${encode(claims)}`
  const signature = bend('signature', hooks, await sign(key.alg, key.privateKey, input), keyed)
  const text = bend('text', hooks, `${input}.${Buffer.from(signature).toString('base64url')}`, keyed)
  return { text, claims, header }
}

/** The claims that a token of this draft would have, without signing one. */
export function bendClaims(draft: Pick<TokenDraft, 'claims' | 'facts'>, cx: Context): Members {
  return bend('claims', cx.tenant.hooks, draft.claims, {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts: draft.facts,
  })
}

async function keyFacts(key: SigningKey, cx: Context): Promise<Readonly<Record<string, unknown>>> {
  const kid = await kidOf(key, cx.tenant.dialect.keys)
  return cx.tenant.dialect.keys.certificate
    ? { kid, alg: key.alg, x5t: (await key.certificate()).x5t }
    : { kid, alg: key.alg }
}

function encode(members: Members): string {
  return Buffer.from(stringify(members)).toString('base64url')
}
