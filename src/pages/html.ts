/** Text that is HTML already. Only the template below makes it, so whatever comes from outside is escaped. */
import escapeHtml from 'escape-html'

class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Only the type: nobody else shall make one. */
export type { Html }

/** What a template may hold; nothing is written for null, undefined and false. */
export type Content = Html | string | number | null | undefined | false | readonly Content[]

/**
 * Markup as a template literal: its own text stands as it is, values are escaped for text and quoted attributes alike.
 * @see https://html.spec.whatwg.org/multipage/syntax.html#syntax-attributes
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Html {
  const rest = values.map((value, at) => written(value) + literals[at + 1])
  return new Html(literals[0] + rest.join(''))
}

function written(value: Content): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  return typeof value === 'object' ? value.map(written).join('') : escaped(String(value))
}

/** A parser drops NUL and makes LF of CR unless they are written like this; everything else reads back as it was. */
function escaped(text: string): string {
  return escapeHtml(text).replaceAll('\0', '\ufffd').replaceAll('\r', '&#13;')
}
