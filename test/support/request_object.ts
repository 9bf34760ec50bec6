/** Request objects as clients make them, and what becomes of a request that has one. */
import { type CryptoKey, SignJWT } from 'jose'
import { withRequestObject } from '../../src/authorization/request_object.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import type { Params } from '../../src/protocol/params.ts'
import { contextOf } from './context.ts'

export const SECRET = 'a secret of sixty-four octets or more, which HS512 asks for: 0123456789'
type ClientInput = NonNullable<ConfigInput['clients']>[number]

/** A client with a secret, changed as asked. */
export async function setup(more: Partial<ClientInput> = {}) {
  const redirect_uris = ['https://app.test/cb', 'https://app.test/other']
  return await contextOf({
    clients: [{ client_id: 'app', client_secret: SECRET, redirect_uris, ...more } as ClientInput],
  })
}
type Setup = Awaited<ReturnType<typeof setup>>

export const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** A request object of alg none. */
export const unsigned = (claims: unknown, header: object = {}) =>
  `${part({ alg: 'none', ...header })}.${part(claims)}.`
export const signed = (
  claims: Record<string, unknown>,
  key: CryptoKey | Uint8Array,
  header: { alg: string; kid?: string },
) => new SignJWT(claims).setProtectedHeader(header).sign(key)

export const paramsOf = (given: Record<string, string | undefined>): Params =>
  new Map(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])))

/** What stands beside the request object. */
export const OUTSIDE = { client_id: 'app', response_type: 'code', scope: 'openid', state: 'outside' }

/** The parameters that the request comes to. */
export async function merged({ cx, client }: Setup, given: Record<string, string | undefined>) {
  return Object.fromEntries(await withRequestObject(paramsOf({ ...OUTSIDE, ...given }), client, cx))
}

/** The error that the request is refused with. */
export async function refusal(made: Setup, given: Record<string, string | undefined>) {
  const error = await merged(made, given).catch((thrown: unknown) => thrown)
  return error as { reason: string; error: string; message: string }
}
