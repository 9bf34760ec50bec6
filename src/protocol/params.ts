/** Request parameters: each name with every value it came with, in order. */
export type Params = ReadonlyMap<string, readonly string[]>

export const NO_PARAMS: Params = new Map()

/** The first value of a parameter. */
export function first(params: Params, name: string): string | undefined {
  return params.get(name)?.[0]
}

/** Every value of a parameter that may repeat, such as `resource` (RFC 8707). */
export function every(params: Params, name: string): readonly string[] {
  return params.get(name) ?? []
}

/** Adds a value; one without text counts as not sent. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 */
export function add(params: Map<string, string[]>, name: string, value: string): void {
  if (value === '') return
  const values = params.get(name)
  if (values === undefined) params.set(name, [value])
  else values.push(value)
}

/** A copy in which the parameter has just these values; none removes it. */
export function withParam(params: Params, name: string, ...values: readonly string[]): Params {
  const copy = new Map(params)
  if (values.length === 0) copy.delete(name)
  else copy.set(name, values)
  return copy
}

/** More parameters than any client sends: the rest is refused. */
const MOST = 200

export class MalformedForm extends Error {}

/**
 * Reads `application/x-www-form-urlencoded` text strictly.
 * @throws MalformedForm for broken percent-encoding or more than 200 parameters
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#appendix-B
 */
export function parseForm(text: string): Params {
  const params = new Map<string, string[]>()
  if (text === '') return params
  const pairs = text.split('&')
  if (pairs.length > MOST) throw new MalformedForm(`${pairs.length} parameters came, ${MOST} are allowed`)
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = decode(at === -1 ? pair : pair.slice(0, at))
    if (name !== '') add(params, name, at === -1 ? '' : decode(pair.slice(at + 1)))
  }
  return params
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new MalformedForm(
      'a parameter has broken percent-encoding; encode it as UTF-8, then each octet as %HH',
      { cause },
    )
  }
}
