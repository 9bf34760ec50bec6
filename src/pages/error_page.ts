import type { EndpointResponse } from '../protocol/messages.ts'
import { fact } from './fact.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import type { ErrorView } from './views.ts'

/**
 * A refusal that no client may be told, because where it would be told is what is wrong.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1
 */
export function errorPage(view: ErrorView): EndpointResponse {
  const { title, description, facts, status } = view
  const main = html`<section class="card">
<h1>${title}</h1>
<p class="problem" role="alert" data-testid="error-description">${description}</p>
${facts.length > 0 && factTable(facts)}
<dl class="facts row">
${fact('Error', html`<code data-testid="error">${view.error}</code> <span class="sub">HTTP ${status}</span>`)}
${fact('Reason', html`<code data-testid="reason">${view.reason}</code>`)}
</dl>
${view.wording !== undefined && html`<p class="sub" data-testid="wording">${view.wording}</p>`}
<h2>What to do</h2>
<p>Nothing was sent to the application. Correct what is named above, in its request or in the configuration of the provider, then begin again in the application.</p>
</section>`
  return layout({ title, main, frame: view, status })
}

function factTable(facts: ErrorView['facts']): Html {
  const rows = facts.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>
`,
  )
  return html`<table><caption class="unseen">What came and what is registered</caption>
<tbody>
${rows}</tbody></table>`
}
