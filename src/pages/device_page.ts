import type { EndpointResponse } from '../protocol/messages.ts'
import { problemNote } from './forms.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { DeviceView } from './views.ts'

const TITLE = 'Connect a device'

/**
 * Where a person types the code that a device shows. One that came with the link is still for the person to confirm.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.3
 */
export function devicePage(view: DeviceView, status = 200): EndpointResponse {
  const { user_code, problem } = view
  const main = html`<section class="card">
<h1>${TITLE}</h1>
<p class="lead">Type the code that the device shows.</p>
${problemNote(problem)}
<form method="post">
<div class="field"><label for="user-code">Code</label>
<input id="user-code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus${
    user_code !== undefined && html` value="${user_code}"`
  }${problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}></div>
<button type="submit" class="primary" id="continue" data-testid="continue">Continue</button>
</form>
</section>`
  return layout({ title: TITLE, main, frame: view, status })
}
