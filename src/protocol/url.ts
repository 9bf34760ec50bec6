/**
 * The URL that a text is, seen from another one where it is relative; undefined where it is none. Not by URL.canParse: once V8 has compiled it, that of Node 20 errs
 * about hosts with Latin-1 letters, and then `new URL` throws after all.
 * @see https://url.spec.whatwg.org/#dom-url-parse
 */
export function urlOf(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
