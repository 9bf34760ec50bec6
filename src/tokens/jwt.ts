import type { ClientConfig, Context, Issued } from '../context.ts'
import { bend, type Situation } from '../hooks.ts'
import { kidOf } from '../keys/jwks.ts'
import { secretAlgs, sign, signWithSecret } from '../keys/sign.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type Members, membersOf, stringify } from '../protocol/json.ts'

/** What a token is made of before the stages bend it. */
export interface TokenDraft {
  readonly claims: Members
  /** The media type of the `typ` header, e.g. `at+jwt`. */
  readonly typ: string
  readonly alg?: string | undefined
  /** Whom the token is for: its secret signs where `alg` is HS256, HS384 or HS512, and `none` leaves it unsigned. */
  readonly client?: ClientConfig | undefined
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
  const { signatureOf, ...key } = await signerFor(draft, at, cx)
  const keyed: Situation = { ...at, facts: { ...draft.facts, key } }
  const header = bend('header', hooks, membersOf({ typ: draft.typ, alg: key.alg, kid: key.kid }), keyed)
  const input = `${encode(header)}.${encode(claims)}`
  const signature = bend('signature', hooks, await signatureOf(input), keyed)
  const text = bend('text', hooks, `${input}.${Buffer.from(signature).toString('base64url')}`, keyed)
  noteIssued({ typ: draft.typ, header, claims }, cx)
  return { text, claims, header }
}

/** Keeps a token in mind for those who look at the request later. */
export function noteIssued(token: Issued, { exchange }: Context): void {
  exchange.issued ??= []
  exchange.issued.push(token)
}

/** The claims that a token of this draft would have, without signing one. */
export function bendClaims(draft: Pick<TokenDraft, 'claims' | 'facts'>, cx: Context): Members {
  return bend('claims', cx.tenant.hooks, draft.claims, {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts: draft.facts,
  })
}

/** What signs a token, and what headers may tell about it. */
interface Signer {
  readonly alg: string
  readonly kid?: string
  readonly x5t?: string
  signatureOf(input: string): Buffer | Promise<Buffer>
}

async function signerFor(draft: TokenDraft, at: Situation, cx: Context): Promise<Signer> {
  const shared = draft.client === undefined ? undefined : clientSigner(draft.alg, draft.client)
  if (shared !== undefined) return shared
  const { keys, dialect, hooks } = cx.tenant
  const key = await keys.select(bend('key', hooks, 'active', at), draft.alg)
  return {
    alg: key.alg,
    kid: await kidOf(key, dialect.keys),
    ...(dialect.keys.certificate && { x5t: (await key.certificate()).x5t }),
    signatureOf: (input) => sign(key.alg, key.privateKey, input),
  }
}

/** No key pair, so no kid and nothing for the JWKS. @see https://openid.net/specs/openid-connect-core-1_0.html#Signing */
function clientSigner(alg: string | undefined, { client_id, secrets }: ClientConfig): Signer | undefined {
  if (alg === 'none') return { alg, signatureOf: () => Buffer.alloc(0) }
  if (alg === undefined || !secretAlgs.includes(alg)) return undefined
  const [secret] = secrets
  if (secret !== undefined) return { alg, signatureOf: (input) => signWithSecret(alg, secret, input) }
  throw new OAuthError(
    'client.no_secret',
    `client ${client_id} registered ${alg}, whose key is the client secret, and has none; register client_secret, or an alg of the provider's keys`,
    { detail: { client_id } },
  )
}

function encode(members: Members): string {
  return Buffer.from(stringify(members)).toString('base64url')
}
