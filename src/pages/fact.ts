import { type Content, type Html, html } from './html.ts'

/** A term and its description, in a `<dl class="facts">`. */
export function fact(term: string, description: Content): Html {
  return html`<div><dt>${term}</dt>
<dd>${description}</dd></div>`
}

/** A description of several things. */
export function list(items: readonly Html[]): Html {
  return html`<ul>
${items.map(
  (item) => html`<li>${item}</li>
`,
)}</ul>`
}
