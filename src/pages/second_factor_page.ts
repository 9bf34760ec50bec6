import type { EndpointResponse } from '../protocol/messages.ts'
import { heading, logoOf } from './client.ts'
import { decision, form } from './forms.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { person } from './person.ts'
import type { SecondFactorView } from './views.ts'

const TITLE = 'Confirm that it is you'

/**
 * Stands for whatever a person would show beside a password: a code, a key, a tap on a telephone.
 * @see https://www.rfc-editor.org/rfc/rfc8176.html#section-2
 */
export function secondFactorPage(view: SecondFactorView): EndpointResponse {
  const { asked, interaction, user } = view
  const main = html`<section class="card">
${heading(TITLE, asked.client, 'asks you to sign in with a second factor.')}
<p class="who"><span class="unseen">Signing in as </span>${person(user)}</p>
${form(interaction, html`<div class="actions">${decision('confirm', 'Confirm', 'primary')}${decision('deny', 'Deny')}</div>`)}
</section>`
  return layout({ title: TITLE, main, frame: view, images: logoOf(asked.client) })
}
