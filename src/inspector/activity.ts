/** The flows of a tenant, newest first, and the details of one request. */
import { worstFirst } from '../findings/finding.ts'
import { type Html, html } from '../pages/html.ts'
import type { Recorded } from '../record/entry.ts'
import { matcher, parseFilter, type RequestFilter } from '../record/filter.ts'
import { linkTo } from './asked.ts'
import { firstSteps } from './first_steps.ts'
import { flowItem } from './flow_item.ts'
import { type Flow, flowsOf } from './flows.ts'
import { badge, nothing } from './parts.ts'
import { requestDetails } from './request_details.ts'
import type { Scene } from './scene.ts'

/** More than a person reads, and no more than a browser draws at once. */
const MOST_REQUESTS = 100

const MOST_BESIDE = 8

export function activity(scene: Scene): Html {
  const { asked, resident } = scene
  const entries = resident.journal.entries
  const chosen = entries.find(({ seq }) => seq === asked.request)
  return html`<div class="${asked.request === undefined ? 'whole' : 'split'}">
<section class="list" aria-labelledby="activity-title">
<h1 id="activity-title">Activity</h1>
${searchForm(scene)}
<div id="flows" data-live>
${flowList(entries, scene)}
</div>
</section>
${asked.request === undefined ? aside(scene) : details(chosen, scene)}
</div>`
}

/** The worst of what is wrong with the clients, where there is room for it. */
function aside({ asked: { tenant }, resident }: Scene): Html {
  const found = worstFirst(resident.judge.findings)
  return html`<aside class="side" aria-labelledby="side-title">
<h2 id="side-title">Findings</h2>
<div id="side" data-live>
${
  found.length === 0
    ? html`<p class="hint">Nothing is wrong with what the clients sent so far.</p>`
    : html`<ul>${found.slice(0, MOST_BESIDE).map(
        ({ severity, title, client_id, requests: [seq] }) => html`<li>${badge(severity, severity)} ${
          seq === undefined ? title : html`<a href="${linkTo({ tenant, request: seq })}">${title}</a>`
        }${client_id !== undefined && html` <span class="at"><i>at</i> ${client_id}</span>`}</li>
`,
      )}</ul>
<p><a href="${linkTo({ tenant, view: 'findings' })}">All ${found.length} with what to do</a></p>`
}
</div>
</aside>`
}

function searchForm({ asked: { tenant, search } }: Scene): Html {
  return html`<form class="search" role="search" method="get">
${tenant !== undefined && html`<input type="hidden" name="tenant" value="${tenant}">`}
<label for="q">Find requests</label>
<input id="q" name="q" type="search" value="${search}" autocomplete="off" spellcheck="false" aria-describedby="q-hint" data-testid="search">
<button data-testid="find">Find</button>
<p id="q-hint" class="hint">Words, or <code>client:web</code> <code>user:alice</code> <code>endpoint:token</code> <code>outcome:refused</code> <code>reason:code.*</code></p>
</form>`
}

function flowList(entries: readonly Recorded[], scene: Scene): Html {
  const { asked, resident } = scene
  if (entries.length === 0) return firstSteps(scene)
  const wanted = filterOf(asked.search)
  if (typeof wanted === 'string') return nothing(wanted)
  const matching = new Set(entries.filter(wanted).map(({ seq }) => seq))
  const flows = flowsOf(entries, scene.tracesOf).filter((flow) =>
    flow.entries.some(({ seq }) => matching.has(seq)),
  )
  if (flows.length === 0)
    return nothing(
      html`Nothing matches. <a href="${linkTo({ tenant: asked.tenant })}">Show all ${entries.length} requests</a>`,
    )
  const shown = newest(flows)
  const count = shown.reduce((sum, flow) => sum + flow.entries.length, 0)
  const hidden = flows.reduce((sum, flow) => sum + flow.entries.length, 0) - count
  return html`<ol class="flows">${shown.map((flow) => flowItem(flow, scene))}</ol>
${(hidden > 0 || resident.journal.dropped > 0) && html`<p class="hint" data-testid="older">${count} requests are shown${hidden > 0 && `; ${hidden} older ones are found by a narrower search`}${resident.journal.dropped > 0 && `; ${resident.journal.dropped} were forgotten for want of room`}.</p>`}`
}

/** As many of the newest as may be shown; of a flow that is longer by itself its end. */
function newest(flows: readonly Flow[]): readonly Flow[] {
  let room = MOST_REQUESTS
  const shown: Flow[] = []
  for (const { entries } of flows) {
    if (room <= 0) break
    shown.push({ entries: entries.slice(-room) })
    room -= entries.length
  }
  return shown
}

/** What is looked for, or what is wrong with it. */
function filterOf(search: string): ((entry: Recorded) => boolean) | string {
  const words = search.split(/\s+/).filter((word) => word !== '')
  const pairs = words.flatMap((word) => {
    const [, name, value] = /^([a-z_]+):(.+)$/.exec(word) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  const rest = words.filter((word) => !/^[a-z_]+:.+$/.test(word)).map((word) => word.toLowerCase())
  try {
    const fits = matcher(parseFilter(Object.fromEntries(pairs)) satisfies RequestFilter)
    return (entry) => fits(entry) && rest.every((word) => textOf(entry).includes(word))
  } catch (cause) {
    if (cause instanceof TypeError) return cause.message
    throw cause
  }
}

function textOf({ request, response, exchange }: Recorded): string {
  const { endpoint, client_id, user, grant_type, reason, tenant } = exchange
  const parts = [request.method, response.status, endpoint, client_id, user, grant_type, reason, tenant]
  return parts.join(' ').toLowerCase()
}

function details(entry: Recorded | undefined, scene: Scene): Html {
  const { tenant, search, request } = scene.asked
  return html`<section class="details" aria-labelledby="request-title">
<p class="back"><a href="${linkTo({ tenant, search })}" data-testid="close">← All requests</a></p>
${
  entry === undefined
    ? html`<h2 id="request-title">Request ${request}</h2>
${nothing('It is not remembered any more.')}`
    : requestDetails(entry, scene)
}
</section>`
}
