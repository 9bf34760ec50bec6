import { type Html, html } from '../pages/html.ts'
import type { Json } from '../protocol/json.ts'
import type { RequestView } from '../record/view.ts'
import { isTime, meaningOf } from './claims.ts'
import { badge } from './parts.ts'
import { nowOf, type Scene } from './scene.ts'
import { dateOf, relative } from './when.ts'

type ShownToken = RequestView['tokens'][number]
type Part = 'header' | 'claims'

const PLACES = {
  request: 'came in the request',
  response: 'went out in the answer',
  outbound: 'was sent to a client',
}

/** A token with what each of its claims means, and where it came from. */
export function tokenItem(token: ShownToken, scene: Scene): Html {
  const { name, where, header, claims, origins = {} } = token
  const exp = valueIn(claims, 'exp')
  return html`<section class="token" data-testid="token-${name}">
<h4><code>${name}</code> <span class="meta">${PLACES[where]}</span> ${typeof exp === 'number' && html`<span id="life-${where}-${name}" data-live>${lifeOf(exp, scene)}</span>`}</h4>
${rowsOf(claims, { part: 'claims', origins, scene, name, where })}
${Object.keys(objectOf(header)).length > 0 && html`<details><summary>Header</summary>${rowsOf(header, { part: 'header', origins: {}, scene, name, where })}</details>`}
</section>`
}

function lifeOf(exp: number, scene: Scene): Html {
  const now = nowOf(scene)
  return exp > now
    ? badge('ok', `expires ${relative(exp, now)}`)
    : badge('refused', `expired ${relative(exp, now)}`)
}

interface Rows {
  readonly part: Part
  readonly origins: Readonly<Record<string, string>>
  readonly scene: Scene
  readonly name: string
  readonly where: string
}

function rowsOf(members: Json | undefined, rows: Rows): Html {
  if (members === undefined) return html`<p class="nothing">It is encrypted for somebody else.</p>`
  const entries = Object.entries(objectOf(members))
  const { part, name, origins } = rows
  if (entries.length === 0) return html`<p class="nothing">none</p>`
  return html`<table class="claims" aria-label="${part} of ${name}" data-testid="${part}-${name}">
<thead><tr><th scope="col">Name</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead><tbody>
${entries.map(
  ([claim, value]) => html`<tr><th scope="row"><code>${claim}</code></th>
<td><code>${textOf(value)}</code>${timeNote(claim, value, rows)}${
    origins[claim] !== undefined && html` <span class="from">from ${origins[claim]}</span>`
  }</td>
<td>${explained(claim, part)}</td></tr>
`,
)}</tbody></table>`
}

function explained(claim: string, part: Part): Html {
  const meaning = meaningOf(claim, part)
  if (meaning === undefined) return html`<span class="own">one of your own</span>`
  return html`${meaning.text} <a href="${meaning.see}" rel="noreferrer" aria-label="spec: what defines ${claim}">spec</a>`
}

/** It is live, for the clock may be moved while somebody reads. */
function timeNote(claim: string, value: Json, { part, scene, name, where }: Rows): Html | false {
  const date = isTime(claim) ? dateOf(value) : undefined
  return (
    date !== undefined &&
    html` <span class="date" id="time-${where}-${name}-${part}-${claim}" data-live>${date} · ${relative(Number(value), nowOf(scene))}</span>`
  )
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1).replaceAll(/\s*\n\s*/g, ' ')
}

function objectOf(value: Json | undefined): Readonly<Record<string, Json>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Readonly<Record<string, Json>>) : {}
}

function valueIn(members: Json | undefined, name: string): Json | undefined {
  return Object.hasOwn(objectOf(members), name) ? objectOf(members)[name] : undefined
}
