/** What surrounds every view: which tenant, what time it is there, and what there is to see. */
import { timestamp } from '../clock.ts'
import { issuerOf } from '../context.ts'
import { type Html, html } from '../pages/html.ts'
import { linkTo, VIEWS, type ViewName } from './asked.ts'
import { button, copyable } from './parts.ts'
import type { Scene } from './scene.ts'
import { dayOf } from './when.ts'

/** More are for no list. */
const MOST_SANDBOXES = 50

export function header(scene: Scene): Html {
  return html`<header>
<p class="brand"><a href="${linkTo({ tenant: scene.asked.tenant })}">IdP Double</a> <strong class="test">TEST ONLY</strong></p>
${tenants(scene)}
<p class="issuer"><span class="label">Issuer</span> ${copyable(issuerOf(scene.cx), 'the issuer')}</p>
</header>`
}

/** The first tenant is the one that calls without a name are for; the clock and the reset are then for all of them. */
function tenants({ asked, office: { world } }: Scene): Html {
  const [first, ...others] = world.residents.map(({ name }) => name)
  const boxes = world.sandboxes.residents.map(({ name }) => name)
  const shown = boxes.slice(-MOST_SANDBOXES)
  const listed = asked.tenant !== undefined && boxes.includes(asked.tenant) && !shown.includes(asked.tenant)
  const option = (value: string, text: string) =>
    html`<option value="${value}"${value === (asked.tenant ?? '') && html` selected`}>${text}</option>`
  return html`<form class="tenant" method="get">
${asked.view !== 'activity' && html`<input type="hidden" name="view" value="${asked.view}">`}
<label for="tenant">Tenant</label>
<select id="tenant" name="tenant" autocomplete="off" data-submits data-testid="tenant">${option('', first ?? '')}${
    asked.tenant === first && first !== undefined && option(first, `${first}, by itself`)
  }${others.map((name) => option(name, name))}${
    boxes.length > 0 &&
    html`<optgroup label="${boxes.length > MOST_SANDBOXES ? `Sandboxes, the newest ${MOST_SANDBOXES} of ${boxes.length}` : 'Sandboxes'}">${[...shown, ...(listed ? [asked.tenant] : [])].map((name) => option(name, name))}</optgroup>`
  }</select>
<button class="plain">Show</button>
</form>`
}

/** Time, and the way back. */
export function tools({ resident: { clock }, office: { world }, asked }: Scene): Html {
  const isFrozen = clock.frozen || (asked.tenant === undefined && world.clock.frozen)
  const all = asked.tenant === undefined && world.residents.length > 1 ? ' of all tenants' : ''
  return html`<section class="tools" aria-label="Clock and reset">
<p id="clock" class="clock" data-live><span class="label">Clock${all}</span> <time data-epoch="${clock.seconds()}"${!isFrozen && html` data-runs`} data-testid="clock">${dayOf(timestamp(clock.now()))}Z</time>${
    isFrozen && html` <span class="badge open">stands still</span>`
  }
<span class="acts group">${['5m', '1h', '1d'].map((by) => button(`+${by}`, { call: 'POST /clock', body: { advance: by }, testId: `clock-${by}`, about: 'move the clock' }))}
${isFrozen ? button('Let run', { call: 'POST /clock', body: { freeze: false }, testId: 'clock-release' }) : button('Freeze', { call: 'POST /clock', body: { freeze: true }, testId: 'clock-freeze' })}
${button('Now', { call: 'POST /clock', body: { reset: true }, testId: 'clock-reset', about: 'back to the time of the machine' })}</span></p>
<p class="acts">${button('Reset', { call: 'POST /reset', testId: 'reset', sure: 'Forget all and reset?' })}</p>
</section>`
}

export function navigation({ asked, resident }: Scene): Html {
  const { users, clients } = resident.declared.config
  const counts: Readonly<Partial<Record<ViewName, number>>> = {
    activity: resident.journal.entries.length,
    findings: resident.judge.findings.length,
    users: users.length,
    clients: clients.length,
  }
  const items = (Object.keys(VIEWS) as ViewName[]).map((view) => {
    const count = counts[view]
    return html`<li><a href="${linkTo({ tenant: asked.tenant, view })}"${asked.view === view && html` aria-current="page"`} data-testid="view-${view}">${VIEWS[view]}${count !== undefined && html` <span class="count">${count}</span>`}</a></li>
`
  })
  return html`<nav id="views" aria-label="Views" data-live><ul>
${items}</ul></nav>`
}
