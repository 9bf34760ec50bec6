/** What lives now: keys, sessions, grants, as the control API tells them. */
import { type Content, type Html, html } from '../pages/html.ts'
import type { Json } from '../protocol/json.ts'
import { badge, button, nothing, table } from './parts.ts'
import type { Scene } from './scene.ts'
import { dayOf } from './when.ts'

type Item = Readonly<Record<string, Json>>

const STEPS: readonly (readonly [step: string | undefined, text: string, meaning: string])[] = [
  [undefined, 'Rotate', 'a new key signs, the old one stays in the JWKS'],
  ['publish', 'Publish', 'adds a key to the JWKS that does not sign yet'],
  ['activate', 'Activate', 'lets the newest published key sign'],
  ['retire', 'Retire', 'takes older keys out of the JWKS'],
  ['withdraw', 'Withdraw', 'forgets what is not in the JWKS'],
]

const STATES: Readonly<Record<string, string>> = { active: 'ok', published: 'open', hidden: 'refused' }

const SAID: Readonly<Record<string, string>> = {
  active: 'signs, and is in the JWKS',
  published: 'is in the JWKS',
  hidden: 'is not in the JWKS; it still verifies',
}

export async function keysView(scene: Scene): Promise<Html> {
  const rows = (await itemsOf(scene, '/keys')).map(({ kid, alg, status }) => [
    html`<code>${String(kid)}</code>`,
    String(alg),
    html`${badge(STATES[String(status)] ?? 'ok', String(status))} ${SAID[String(status)]}`,
  ])
  return html`<section aria-labelledby="keys-title">
<h1 id="keys-title">Signing keys</h1>
<ul class="actions acts">${STEPS.map(
    ([
      step,
      text,
      meaning,
    ]) => html`<li>${button(text, { call: 'POST /keys/rotate', body: step === undefined ? {} : { step }, testId: `keys-${step ?? 'rotate'}` })} ${meaning}</li>
`,
  )}</ul>
<div id="keys" data-live>
${table({ caption: 'Signing keys', columns: ['kid', 'alg', 'Status'], rows, testId: 'keys' })}
</div>
</section>`
}

export async function sessionsView(scene: Scene): Promise<Html> {
  const [sessions, grants] = await Promise.all([itemsOf(scene, '/sessions'), itemsOf(scene, '/grants')])
  return html`<div id="live" data-live>
<section aria-labelledby="sessions-title">
<h1 id="sessions-title">Sessions</h1>
${sessions.length === 0 ? nothing('Nobody is signed in. A login in a browser leaves a session, which signs the same person in at other clients.') : sessionTable(sessions)}
</section>
<section aria-labelledby="grants-title">
<h2 id="grants-title">Grants</h2>
${grants.length === 0 ? nothing('Clients hold nothing: no code, no refresh token, no access token that a user granted.') : grantTable(grants)}
</section>
</div>`
}

function sessionTable(items: readonly Item[]): Html {
  const rows = items.map(({ sid, user, clients, auth_time, expires }) => [
    String(user),
    (clients as readonly string[]).join(', '),
    `${dayOf(String(auth_time))}Z`,
    `${dayOf(String(expires))}Z`,
    button('End', {
      call: `DELETE /sessions/${encodeURIComponent(String(sid))}`,
      testId: `end-${String(sid)}`,
      about: `the session of ${String(user)}`,
    }),
  ])
  return table({
    caption: 'Sessions',
    columns: ['User', 'Clients', 'Signed in', 'Expires', 'End'],
    rows,
    testId: 'sessions',
  })
}

function grantTable(items: readonly Item[]): Html {
  const rows = items.map(({ id, kind, client_id, user, scope, expires }): Content[] => [
    String(kind),
    String(client_id),
    textOf(user),
    textOf(scope),
    `${dayOf(String(expires))}Z`,
    button('Revoke', {
      call: `DELETE /grants/${encodeURIComponent(String(id))}`,
      testId: `revoke-${String(id)}`,
      about: `the ${String(kind)} of ${String(client_id)}`,
    }),
  ])
  return table({
    caption: 'Grants',
    columns: ['Kind', 'Client', 'User', 'Scope', 'Expires', 'Revoke'],
    rows,
    testId: 'grants',
  })
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** More are not read. */
const MOST = 200

async function itemsOf(scene: Scene, path: string): Promise<readonly Item[]> {
  const { items } = (await scene.read(path)) as { readonly items: readonly Item[] }
  return items.slice(0, MOST)
}
