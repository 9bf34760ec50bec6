import type { EndpointResponse } from '../protocol/messages.ts'
import { clientFacts } from './client.ts'
import { fact } from './fact.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { DeviceDoneView } from './views.ts'

/**
 * The end at the browser: the device goes on by itself.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.3
 */
export function deviceDonePage(view: DeviceDoneView): EndpointResponse {
  const { client, allowed } = view
  const title = allowed ? 'Device connected' : 'Device not connected'
  const main = html`<section class="card">
<h1>${title}</h1>
<p class="lead" data-testid="${allowed ? 'device-allowed' : 'device-denied'}">${
    allowed ? 'The device goes on by itself.' : 'The device is told that you denied it.'
  } You can close this page.</p>
<dl class="facts">${fact('Client', clientFacts(client))}</dl>
</section>`
  return layout({ title, main, frame: view })
}
