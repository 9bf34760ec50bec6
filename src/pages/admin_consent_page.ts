import type { EndpointResponse } from '../protocol/messages.ts'
import { askedFacts } from './asked.ts'
import { heading, logoOf } from './client.ts'
import { decision, form } from './forms.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { AdminConsentView } from './views.ts'

const TITLE = 'Allow access for everybody'

/**
 * Whether the client may have what it asks for in the name of every user of a tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function adminConsentPage(view: AdminConsentView): EndpointResponse {
  const { asked, interaction, organisation } = view
  const main = html`<section class="card">
${heading(TITLE, asked.client, 'asks an administrator for access in the name of all users.')}
<p class="note">Who accepts does so for the organisation <strong>${organisation}</strong>: its users are not asked any more.</p>
${askedFacts(asked)}
${form(interaction, html`<div class="actions">${decision('allow', 'Accept', 'primary')}${decision('deny', 'Cancel')}</div>`)}
</section>`
  return layout({ title: TITLE, main, frame: view, images: logoOf(asked.client) })
}
