import { type Finding, worstFirst } from '../findings/finding.ts'
import { type Html, html } from '../pages/html.ts'
import { linkTo } from './asked.ts'
import { badge, nothing } from './parts.ts'
import type { Scene } from './scene.ts'

/** What is wrong with the clients, worst first. */
export function findingsView(scene: Scene): Html {
  const found = worstFirst(scene.resident.judge.findings)
  return html`<section aria-labelledby="findings-title">
<h1 id="findings-title">Findings</h1>
<p class="hint">What clients did that a real provider would refuse or a reviewer would flag. A test can assert that there are none.</p>
<div id="findings" data-live>
${
  found.length === 0
    ? nothing(
        'None so far. Every request of a client is looked at as it comes; what is wrong with one appears here.',
      )
    : html`<ul class="findings">${found.map((each) => findingItem(each, scene, 'page'))}</ul>`
}
</div>
</section>`
}

/** One of them: what, why, and what to do; on a page about all of them, or among what is said of a request. */
export function findingItem(finding: Finding, { asked: { tenant } }: Scene, among: 'page' | 'request'): Html {
  const { id, severity, title, client_id, text, explanation, fix, see, count, requests } = finding
  const head = html`${badge(severity, severity)} ${title}${client_id !== undefined && html` <span class="at"><i>at</i> ${client_id}</span>`}`
  return html`<li class="finding" data-testid="finding-${id}">
${among === 'page' ? html`<h2>${head}</h2>` : html`<h4>${head}</h4>`}
<p>${text}</p>
<p class="hint">${explanation}</p>
<p><strong>Fix:</strong> ${fix} <a href="${see}" rel="noreferrer" aria-label="spec: the section about ${id}">spec</a></p>
<p class="meta"><code>${id}</code> · ${count === 1 ? 'once' : `${count} times`}${requests.map((seq) => html` · <a href="${linkTo({ tenant, request: seq })}">request ${seq}</a>`)}</p>
</li>
`
}
