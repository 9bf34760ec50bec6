import type { EndpointResponse } from '../protocol/messages.ts'
import { askedFacts } from './asked.ts'
import { heading, logoOf } from './client.ts'
import { decision, form } from './forms.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { person } from './person.ts'
import type { ConsentView } from './views.ts'

const TITLE = 'Allow access'

/**
 * Whether the client may have what it asks for.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Consent
 */
export function consentPage(view: ConsentView): EndpointResponse {
  const { asked, interaction, user, claims } = view
  const main = html`<section class="card">
${heading(TITLE, asked.client, 'asks for access in your name.')}
<p class="who"><span class="unseen">Signed in as </span>${person(user)}</p>
${askedFacts(asked, claims)}
${form(interaction, html`<div class="actions">${decision('allow', 'Allow', 'primary')}${decision('deny', 'Deny')}</div>`)}
</section>`
  return layout({ title: TITLE, main, frame: view, images: logoOf(asked.client) })
}
