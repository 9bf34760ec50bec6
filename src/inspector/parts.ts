/** Pieces that several views are made of. */
import { type Content, type Html, html } from '../pages/html.ts'
import type { Json } from '../protocol/json.ts'

/** A call of the control API. */
interface Action {
  /** `POST /clock`: below the control API, percent-encoded. */
  readonly call: string
  readonly body?: Json
  readonly testId: string
  /** What the button says when it wants to be pressed again. */
  readonly sure?: string
  /** What it is about, where its own text does not say so. */
  readonly about?: string
}

/** A button that makes a call; there is none where no script runs. */
export function button(text: string, { call, body, testId, sure, about }: Action): Html {
  return html`<button type="button" class="acts" data-call="${call}"${body !== undefined && html` data-body="${JSON.stringify(body)}"`}${
    sure !== undefined && html` data-sure="${sure}"`
  }${about !== undefined && html` aria-label="${text}: ${about}"`} data-testid="${testId}">${text}</button>`
}

/** A text to take along. */
export function copyable(text: string, what: string): Html {
  return html`<span class="copyable"><code>${text}</code> <button type="button" class="acts small" data-copy="${text}" aria-label="Copy ${what}">Copy</button></span>`
}

/** Several lines to take along. */
export function copyableLines(text: string, what: string): Html {
  return html`<div class="lines"><pre tabindex="0"><code>${text}</code></pre><button type="button" class="acts small" data-copy="${text}" aria-label="Copy ${what}">Copy</button></div>`
}

/** A word with a colour that says the same. */
export function badge(kind: string, text: string): Html {
  return html`<span class="badge ${kind}">${text}</span>`
}

interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Content[])[]
  readonly testId: string
}

/** The first cell of a row is its name. On a phone each cell says which column it is of. */
export function table({ caption, columns, rows, testId }: Table): Html {
  return html`<table aria-label="${caption}" data-testid="${testId}">
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th> `)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell, at) => written(cell, at, columns))}</tr>
`,
)}</tbody></table>`
}

function written(cell: Content, at: number, columns: readonly string[]): Html {
  const label = columns[at] ?? ''
  return at === 0
    ? html`<th scope="row" data-label="${label}">${cell}</th>
`
    : html`<td data-label="${label}">${cell}</td>
`
}

/** Short texts in a row. */
export function chips(texts: readonly string[]): Html | false {
  return (
    texts.length > 0 && html`<span class="chips">${texts.map((text) => html`<code>${text}</code> `)}</span>`
  )
}

/** Something that there is nothing of yet, and how there will be. */
export function nothing(text: Content): Html {
  return html`<p class="nothing">${text}</p>`
}
