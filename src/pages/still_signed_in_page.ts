import type { EndpointResponse } from '../protocol/messages.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { Frame } from './views.ts'

/**
 * What a person sees who was asked to sign out, and does not want to. The client is told nothing.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export function stillSignedInPage(frame: Frame): EndpointResponse {
  const main = html`<section class="card">
<h1>You are still signed in</h1>
<p>Nothing was changed. You may close this window, or go back to the application.</p>
</section>`
  return layout({ title: 'You are still signed in', main, frame })
}
