import { type Content, type Html, html } from '../pages/html.ts'
import type { Json } from '../protocol/json.ts'
import type { Recorded } from '../record/entry.ts'
import type { RequestView } from '../record/view.ts'
import { findingItem } from './findings_view.ts'
import { badge } from './parts.ts'
import { type Scene, shownOf } from './scene.ts'
import { tokenItem } from './token_item.ts'
import { dayOf } from './when.ts'

/** Longer bodies are not read in a page. */
const MOST_TEXT = 20_000

type Values = { readonly [name: string]: string | readonly string[] }

/** All that is known of a request and its answer; secrets are marks, the same for equal values. */
export function requestDetails(entry: Recorded, scene: Scene): Html {
  const shown = shownOf(entry, scene)
  const { request, response, tokens } = shown
  const findings = scene.resident.judge.findings.filter(({ requests }) => requests.includes(entry.seq))
  return html`<h2 id="request-title" tabindex="-1" data-testid="request-title"><code>${shown.method} ${shown.path}</code> ${badge(shown.outcome, String(shown.status))}</h2>
${why(shown)}
<dl class="facts">${facts(shown)}</dl>
${notes(shown)}
${findings.length > 0 && html`<h3>Findings</h3><ul class="findings">${findings.map((each) => findingItem(each, scene, 'request'))}</ul>`}
<h3>Parameters</h3>
${values(request.params, 'Parameters', 'params')}
${tokens.length > 0 && html`<h3>Tokens</h3>${tokens.map((token) => tokenItem(token, scene))}`}
<h3>Request</h3>
<p class="url"><code>${shown.url}</code></p>
${folded('Headers', values(request.headers, 'Headers of the request', 'request-headers'))}
${bodyOf(request.body)}
<h3>Answer</h3>
${folded('Headers', values(response.headers, 'Headers of the answer', 'response-headers'))}
${response.body !== null && text('Body', response.body)}`
}

function why({ reason, description }: RequestView): Html | false {
  if (reason === undefined) return false
  return html`<div class="problem" data-testid="reason"><p><code>${reason}</code></p>
<p>${description}</p></div>`
}

function facts({ seq, time, ms, endpoint, client_id, auth_method, grant_type, user }: RequestView): Html[] {
  const known: readonly (readonly [string, string | undefined])[] = [
    ['Number', String(seq)],
    ['Time', `${dayOf(time)}Z`],
    ['Took', `${ms.toFixed(1)} ms`],
    ['Endpoint', endpoint],
    ['Client', client_id],
    ['Client authentication', auth_method],
    ['Grant', grant_type],
    ['User', user],
  ]
  return known.flatMap(([term, value]) =>
    value === undefined || value === '' ? [] : [html`<div><dt>${term}</dt><dd>${value}</dd></div>`],
  )
}

function notes({ notes: relaxed, trouble }: RequestView): Content {
  if (relaxed.length + trouble.length === 0) return false
  return html`<ul class="notes">${relaxed.map(({ check, text: said }) => html`<li><code>${check}</code> passed only because strictness lets it: ${said}</li>`)}${trouble.map((each) => html`<li>${each}</li>`)}</ul>`
}

function values(given: Values, caption: string, testId: string): Html {
  const rows = Object.entries(given).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map(
      (each) => html`<tr><th scope="row"><code>${name}</code></th><td><code>${each}</code></td></tr>
`,
    ),
  )
  if (rows.length === 0) return html`<p class="nothing">none</p>`
  return html`<table class="values" aria-label="${caption}" data-testid="${testId}">
<tbody>
${rows}</tbody></table>`
}

function folded(summary: string, content: Html): Html {
  return html`<details><summary>${summary}</summary>${content}</details>`
}

/** A form is its parameters, which are shown already. */
function bodyOf({ json, text: raw }: RequestView['request']['body']): Content {
  if (json !== undefined) return text('Body', json)
  return raw !== undefined && text('Body', raw)
}

function text(summary: string, body: Json): Html {
  const whole = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
  const cut = whole.length > MOST_TEXT ? `${whole.slice(0, MOST_TEXT)}\n…` : whole
  return html`<details${typeof body !== 'string' && html` open`}><summary>${summary}</summary><pre tabindex="0"><code>${cut}</code></pre></details>`
}
