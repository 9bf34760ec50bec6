/** JWTs as they are written: nothing here is verified, for nothing depends on it. */

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** What a text says that looks like a signed JWT. */
export function readJwt(text: string): Jwt | undefined {
  const [header, claims, , more] = text.split('.')
  if (header === undefined || claims === undefined || more !== undefined) return undefined
  try {
    return { header: objectIn(header), claims: objectIn(claims) }
  } catch {
    return undefined
  }
}

function objectIn(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Jwt['header']
  throw new SyntaxError('not an object')
}

/** What a client says of itself in a JWT. @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3 */
export interface ClientAssertion extends Jwt {
  readonly audience: readonly unknown[]
}

export function readAssertion(text: string): ClientAssertion | undefined {
  const jwt = readJwt(text)
  return jwt && { ...jwt, audience: [jwt.claims['aud'] ?? []].flat() }
}
