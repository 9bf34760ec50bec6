import { type Html, html } from '../pages/html.ts'
import type { Recorded } from '../record/entry.ts'
import { linkTo } from './asked.ts'
import { type Flow, flowName, flowState } from './flows.ts'
import { badge } from './parts.ts'
import { type Scene, shownOf } from './scene.ts'
import { saidOf } from './step.ts'
import { dayOf, timeOf } from './when.ts'

/** One flow as a timeline. */
export function flowItem(flow: Flow, scene: Scene): Html {
  const steps = flow.entries.map((entry) => ({ entry, shown: shownOf(entry, scene) }))
  const { endpoint = '', seq = 0 } = steps[0]?.shown ?? {}
  const name = flowName(flow) || endpoint
  const [state, text] = flowState(flow)
  const client = steps.map(({ shown }) => shown.client_id).find((each) => each !== undefined)
  const user = steps.map(({ shown }) => shown.user).findLast((each) => each !== undefined)
  const begun = steps[0]?.shown.time ?? ''
  return html`<li class="flow ${state}" data-testid="flow-${seq}">
<header><h2>${name}${client !== undefined && html` <span class="at"><i>at</i> ${client}</span>`}${user !== undefined && html` <span class="at"><i>as</i> ${user}</span>`} ${badge(state, text)}</h2>
<p class="meta">${dayOf(begun)}Z</p></header>
<ol class="steps">
${steps.map((step) => stepItem(step, scene))}</ol>
</li>
`
}

interface Step {
  readonly entry: Recorded
  readonly shown: ReturnType<typeof shownOf>
}

function stepItem({ shown }: Step, { asked }: Scene): Html {
  const { tenant, search } = asked
  const { seq, outcome, time, method, endpoint, status, ms, description } = shown
  const isChosen = seq === asked.request
  return html`<li class="${outcome}"><a href="${linkTo({ tenant, search, request: seq })}"${isChosen && html` aria-current="true"`} data-testid="request-${seq}">
<span class="time">${timeOf(time).slice(0, 12)}</span>
<span class="what"><strong>${endpoint || 'unknown'}</strong> ${saidOf(shown)}</span>
<span class="http">${method} ${status}</span>
<span class="ms">${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms</span>
</a>${outcome === 'refused' && description !== undefined && html`<p class="why">${description}</p>`}</li>
`
}
