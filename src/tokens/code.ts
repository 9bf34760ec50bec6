import type { Context } from '../context.ts'
import type { UserGrant } from './user_grant.ts'

/** A code_challenge and how it was made. @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.3 */
export interface Challenge {
  readonly value: string
  readonly method: 'S256' | 'plain'
}

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/

/** 43 to 128 of these characters; a challenge by S256 is 43 of them. @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1 */
export function isVerifier(text: string): boolean {
  return VERIFIER.test(text)
}

/** What an authorization code stands for. */
export interface Code {
  readonly grant: UserGrant
  readonly redirect_uri: string
  /** Whether only a script may redeem it. */
  readonly for_script?: boolean | undefined
  /** Whether the request named it; then the token request must name it too. */
  readonly redirect_uri_sent: boolean
  readonly nonce?: string | undefined
  readonly challenge?: Challenge | undefined
  /** Seconds. */
  readonly expires: number
}

/** Remembered for longer than it is good for, so that a late client is told why. */
const REMEMBERED = 600

/**
 * An authorization code, good for as long as the dialect has it unless the configuration says otherwise. 256 bits: more than enough for
 * whoever estimates its entropy.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2
 */
export async function issueCode(code: Omit<Code, 'expires'>, { tenant }: Context): Promise<string> {
  const { store, clock, random, config, dialect } = tenant
  const text = random.token(43)
  const expires = clock.seconds() + (config.lifetimes.code ?? dialect.lifetimes.code)
  await store.add('code', text, { ...code, expires } satisfies Code, expires + REMEMBERED)
  return text
}

/** The code's record, also when it was used or has expired. */
export async function findCode(text: string, { tenant }: Context): Promise<Code | undefined> {
  return (await tenant.store.get('code', text)) as Code | undefined
}

/** Whether a code was used up. */
export async function isUsedCode(text: string, { tenant }: Context): Promise<boolean> {
  return (await tenant.store.get('used_code', text)) !== undefined
}

/** Uses a code up: of any number of callers exactly one is told that it was the first. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 */
export function useCode(text: string, { expires }: Code, { tenant }: Context): Promise<boolean> {
  return tenant.store.add('used_code', text, true, expires + REMEMBERED)
}
