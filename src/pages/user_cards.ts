import { form } from './forms.ts'
import { type Html, html } from './html.ts'
import { person } from './person.ts'
import type { LoginView, UserView } from './views.ts'

/** A button for each user, to be found by name: `user-alice`. */
export function userCards({ interaction, users, total, username }: LoginView): Html {
  const cards = users.map((user) => userCard(user, user.username === username))
  return html`${total > users.length && html`<p class="sub">${users.length} of ${total} users are shown; the others <a href="#anyone">sign in by name</a>.</p>`}
${form(interaction, html`<div class="people">${cards}</div>`)}`
}

function userCard(user: UserView, isHinted: boolean): Html {
  const id = `user-${user.username}`
  return html`<button type="submit" class="user" name="user" value="${user.username}" id="${id}" data-testid="${id}">
${person(user)}
${isHinted && html`<span class="chip hint">login_hint</span>`}
</button>
`
}
