import type { EndpointResponse } from '../protocol/messages.ts'
import { problemNote } from './forms.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { pin } from './pinned.ts'
import { isPlace, isWeb } from './uri.ts'
import type { SignedOutView } from './views.ts'

/** A window is loaded once its frames are. A frame that hangs must not keep the person, so a timer goes on as well. */
const GO_ON = pin(html`(function () {
  var link = document.getElementById('continue'), gone = false
  function go() { if (!gone) { gone = true; window.location.replace(link.href) } }
  window.onload = go
  window.setTimeout(go, 2000)
})()`)

/**
 * The end of a logout: tells the clients in invisible frames, then goes where the client wants the person.
 * @see https://openid.net/specs/openid-connect-frontchannel-1_0.html#OPLogout
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout
 */
export function signedOutPage(view: SignedOutView): EndpointResponse {
  const { next, problem } = view
  const frames = view.frames.filter(isWeb)
  const isOn = next !== undefined && isPlace(next)
  const main = html`<section class="card">
<h1>You are signed out</h1>
${problemNote(problem)}
${frames.length > 0 && html`<p>The applications that you used are told.</p>`}
${view.frames.filter((uri) => !isWeb(uri)).map((uri) => html`<p class="sub">Not told, as this is no http or https URL: <code>${uri}</code></p>`)}
${next === undefined ? html`<p>You may close this window.</p>${again(view.again)}` : onward(next)}
</section>
${frames.length > 0 && html`<div class="frames" aria-hidden="true">${frames.map((uri) => html`<iframe src="${uri}" title="Sign-out" tabindex="-1"></iframe>`)}</div>`}`
  return layout({ title: 'You are signed out', main, frame: view, frames, script: isOn ? GO_ON : undefined })
}

function again(uri: string | undefined): Html | false {
  if (uri === undefined || !isWeb(uri)) return false
  return html`<p class="actions"><a class="button" data-testid="again" href="${uri}">Sign in again</a></p>`
}

function onward(next: string): Html {
  if (!isPlace(next)) return html`<p>No browser may be sent on to <code>${next}</code>.</p>`
  return html`<p>You are sent back to the application. <span class="sub"><code>${next}</code></span></p>
<p class="actions"><a class="button primary" id="continue" data-testid="continue" href="${next}">Continue</a></p>`
}
