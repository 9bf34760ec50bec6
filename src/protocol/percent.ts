/** A segment of a path as it was meant; one with broken percent-encoding as it came. @see https://www.rfc-editor.org/rfc/rfc3986.html#section-2.1 */
export function percentDecoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
