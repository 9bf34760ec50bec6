import type { EndpointResponse } from '../protocol/messages.ts'
import { askedFacts } from './asked.ts'
import { heading, logoOf } from './client.ts'
import { decision, form } from './forms.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { person } from './person.ts'
import type { ConsentView } from './views.ts'

/** Whoever reads a code from elsewhere shall not let it in. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-5.4 */
const WARNING = html`<p class="note">Allow it only if the device in front of you shows this code.</p>`

/**
 * Whether the client may have what it asks for.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Consent
 */
export function consentPage(view: ConsentView): EndpointResponse {
  const { asked, interaction, user, claims } = view
  const isDevice = asked.user_code !== undefined
  const title = isDevice ? 'Allow this device?' : 'Allow access'
  const main = html`<section class="card">
${heading(title, asked.client, isDevice ? 'asks for access in your name on a device.' : 'asks for access in your name.')}
<p class="who"><span class="unseen">Signed in as </span>${person(user)}</p>
${askedFacts(asked, claims)}
${isDevice && WARNING}
${form(interaction, html`<div class="actions">${decision('allow', 'Allow', 'primary')}${decision('deny', 'Deny')}</div>`)}
</section>`
  return layout({ title, main, frame: view, images: logoOf(asked.client) })
}
