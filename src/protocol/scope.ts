/** Scope values. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scope tokens of a scope string, each once, in order. */
export function parseScope(scope: string | undefined): string[] {
  return [...new Set((scope ?? '').split(' ').filter((token) => token !== ''))]
}

/** Whether this is a legal scope token. */
export function isScopeToken(token: string): boolean {
  return SCOPE_TOKEN.test(token)
}
