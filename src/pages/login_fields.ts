import { type Content, type Html, html } from './html.ts'
import type { LoginField, LoginView } from './views.ts'

/** The first field of its form; what users are declared is offered while typing. */
export function usernameField(view: LoginView): Html {
  const { username, users, mode } = view
  const offers = mode === 'picker' && users.length > 0
  const control = html`<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required${
    username !== undefined && html` value="${username}"`
  }${offers && html` list="usernames"`}${mode === 'form' && username === undefined && html` autofocus`}${blame('username', view)}>`
  const options = users.map((user) => html`<option value="${user.username}">${user.name}</option>`)
  return labelled('username', 'Username', [
    control,
    offers && html`<datalist id="usernames">${options}</datalist>`,
  ])
}

/** Its content is never repeated: a browser that remembers passwords fills it. */
export function passwordField(view: LoginView): Html {
  const kind = view.create ? 'new-password' : 'current-password'
  const control = html`<input id="password" name="password" type="password" autocomplete="${kind}"${
    view.username !== undefined && html` autofocus`
  }${blame('password', view)}>`
  return labelled('password', 'Password', control)
}

/** A parser takes a line break right after the tag for layout, so one stands before what was typed. */
export function claimsField(view: LoginView): Html {
  const control = html`<textarea id="claims" name="claims" rows="2" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="{&quot;department&quot;: &quot;sales&quot;}"${blame('claims', view)}>
${view.claims}</textarea>`
  return labelled(
    'claims',
    html`Claims <span class="sub">JSON object, for this login only; optional</span>`,
    control,
  )
}

function labelled(id: LoginField, label: Content, control: Content): Html {
  return html`<div class="field"><label for="${id}">${label}</label>
${control}</div>`
}

/** Ties the problem to its field. @see https://www.w3.org/TR/wai-aria-1.2/#aria-invalid */
function blame(field: LoginField, { problem, problem_at = 'username' }: LoginView): Html | false {
  return (
    problem !== undefined && problem_at === field && html` aria-invalid="true" aria-describedby="problem"`
  )
}
