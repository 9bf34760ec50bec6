import type { EndpointResponse } from '../protocol/messages.ts'
import { askedFacts } from './asked.ts'
import { heading, logoOf } from './client.ts'
import { decision, form, problemNote } from './forms.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { claimsField, passwordField, usernameField } from './login_fields.ts'
import { userCards } from './user_cards.ts'
import type { LoginView } from './views.ts'

const TITLE = 'Sign in'

/**
 * Who the person is: one of the declared users at a click, or anyone by name.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Authenticates
 */
export function loginPage(view: LoginView, status = 200): EndpointResponse {
  const { asked, interaction } = view
  const main = html`<section class="card">
${heading(TITLE, asked.client, 'asks you to sign in.')}
${view.create && html`<p class="note">The application asks for a new account.</p>`}
${problemNote(view.problem)}
${view.mode === 'form' ? passwordForm(view) : picker(view)}
<hr>
${form(interaction, decision('deny', 'Deny', 'bare'))}
</section>
<section class="card quiet">
<h2>What is asked</h2>
${askedFacts(asked)}
</section>`
  return layout({ title: TITLE, main, frame: view, status, wide: true, images: logoOf(asked.client) })
}

function passwordForm(view: LoginView): Html {
  return form(
    view.interaction,
    html`${usernameField(view)}
${passwordField(view)}
<details${view.claims !== undefined && html` open`}>
<summary>Claims for this login</summary>
${claimsField(view)}
</details>
${signIn('primary')}`,
  )
}

/** A new account is not among the declared ones, so then the form comes first. */
function picker(view: LoginView): Html {
  const parts = view.users.length === 0 ? [anyone(view)] : [userCards(view), anyone(view)]
  return html`${view.create ? parts.toReversed() : parts}`
}

function anyoneTitle({ create, users }: LoginView): string {
  if (create) return 'New account'
  return users.length > 0 ? 'Sign in as someone else' : 'Sign in as anyone'
}

function anyone(view: LoginView): Html {
  const hasCards = view.users.length > 0
  const fields = html`${usernameField(view)}
${claimsField(view)}
${signIn(hasCards && !view.create ? 'plain' : 'primary')}`
  return html`<section id="anyone">
<h2>${anyoneTitle(view)}</h2>
${form(view.interaction, fields)}
</section>`
}

function signIn(look: 'primary' | 'plain'): Html {
  return html`<button type="submit" class="${look}" id="sign-in" data-testid="sign-in">Sign in</button>`
}
