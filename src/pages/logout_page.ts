import type { EndpointResponse } from '../protocol/messages.ts'
import { clientFacts, heading, logoOf } from './client.ts'
import { fact } from './fact.ts'
import { decision, form, problemNote } from './forms.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { person } from './person.ts'
import type { LogoutView } from './views.ts'

const TITLE = 'Sign out'

/**
 * Whether the person wants to sign out: asked when nothing proves that the request is theirs.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export function logoutPage(view: LogoutView): EndpointResponse {
  const { client, user, interaction, problem } = view
  const main = html`<section class="card">
${client === undefined ? html`<h1>${TITLE}</h1>` : heading(TITLE, client, 'asks you to sign out.')}
${problemNote(problem)}
${user !== undefined && html`<p class="who"><span class="unseen">Signed in as </span>${person(user)}</p>`}
${client !== undefined && html`<dl class="facts">${fact('Client', clientFacts(client))}</dl>`}
${form(
  interaction,
  html`<div class="actions">${decision('logout', 'Sign out', 'primary')}${decision('stay', 'Stay signed in')}</div>`,
)}
</section>`
  return layout({ title: TITLE, main, frame: view, images: client === undefined ? [] : logoOf(client) })
}
