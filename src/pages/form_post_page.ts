import type { EndpointResponse } from '../protocol/messages.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { pin } from './pinned.ts'
import { isWeb } from './uri.ts'
import type { FormPostView } from './views.ts'

const SUBMIT = pin(html`document.forms[0].submit()`)

/**
 * The parameters of an answer as a form that the browser posts to the client by itself.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode
 */
export function formPostPage(view: FormPostView): EndpointResponse {
  const { action } = view
  const isOn = isWeb(action)
  const main = html`<section class="card">
<h1>Submit this form</h1>
${isOn ? answerForm(view) : html`<p class="problem">Browsers post forms to http and https URLs only, not to <code>${action}</code>.</p>`}
</section>`
  const script = isOn ? SUBMIT : undefined
  // The client may look at the Origin of the post, as for any form that reaches it.
  return layout({ title: 'Submit this form', main, frame: view, script, referrer: 'strict-origin' })
}

function answerForm({ action, params }: FormPostView): Html {
  const inputs = params.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">
`,
  )
  return html`<p>Your browser brings the answer to the application by itself. If nothing happens, press the button.</p>
<p class="sub"><code>${action}</code></p>
<form method="post" action="${action}">
${inputs}<button type="submit" class="primary">Continue</button>
</form>`
}
