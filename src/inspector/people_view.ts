/** Who is declared: users, and how the next login goes; clients. */
import { clientAuthMethodsOf } from '../client_auth/authenticate.ts'
import type { UserConfig } from '../context.ts'
import { type Content, type Html, html } from '../pages/html.ts'
import { badge, button, chips, copyable, nothing, table } from './parts.ts'
import type { Scene } from './scene.ts'

/** More are found by a search. */
const MOST = 100

export function usersView(scene: Scene): Html {
  const { users } = scene.resident.declared.config
  const rows = users.slice(0, MOST).map((user) => [
    copyable(user.username, `the username ${user.username}`),
    html`${named(user, 'name')}${named(user, 'email')}`,
    html`${chips(user.roles)}${chips(user.groups)}`,
    statusOf(user),
    button('Sign in next', {
      call: 'PUT /next-login',
      body: { user: user.username },
      testId: `next-${user.username}`,
      about: user.username,
    }),
  ])
  const none =
    'No users are declared: anyone can sign in by name. Add users to the configuration, or PUT /_mock/users/NAME.'
  const columns = ['Username', 'Name, e-mail', 'Roles, groups', 'Status', 'Next login']
  return declared({ id: 'users', title: 'Users', columns, rows, none, count: users.length }, nextLogin(scene))
}

interface Listing {
  readonly id: string
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Content[])[]
  /** What is said where there is nothing. */
  readonly none: string
  /** How many there are. */
  readonly count: number
}

function declared({ id, title, columns, rows, none, count }: Listing, above: Content = false): Html {
  return html`<section aria-labelledby="${id}-title">
<h1 id="${id}-title">${title}</h1>
${above}
<div id="declared" data-live>
${count === 0 ? nothing(none) : table({ caption: title, columns, rows, testId: id })}
${more(count)}
</div>
</section>`
}

function more(count: number): Html | false {
  return (
    count > MOST && html`<p class="hint">${MOST} of ${count} are shown; the control API has all of them.</p>`
  )
}

function named({ standard }: UserConfig, name: string): Content {
  const value = standard[name]
  return typeof value === 'string' && html`<span class="line">${value}</span>`
}

function statusOf({ status }: UserConfig): Content {
  return status === 'active' ? badge('ok', 'active') : badge('refused', String(status))
}

/** How a login can go, each as a part of the call. */
const WAYS: readonly (readonly [part: object, text: string])[] = [
  [{}, 'signs in'],
  [{ mfa: 'done' }, 'signs in with a second factor'],
  [{ mfa: 'required' }, 'needs a second factor'],
  [{ deny: 'login' }, 'refuses to sign in'],
  [{ deny: 'consent' }, 'refuses consent'],
]

function nextLogin({ resident: { declared, tenant } }: Scene): Html {
  const { users, clients } = declared.config
  const waiting = tenant.nextLogins.list
  return html`<form class="next acts" data-call="PUT /next-login" aria-labelledby="next-title" data-testid="next-login">
<h2 id="next-title">Next login</h2>
<label>User <input name="user" list="user-names" autocomplete="off" spellcheck="false" data-testid="next-user"></label>
<label>How it goes <select name="how" data-merge data-testid="next-how">${WAYS.map(([part, text]) => html`<option value="${JSON.stringify(part)}">${text}</option>`)}</select></label>
<label>Client <input name="client" list="client-names" placeholder="any client" autocomplete="off" spellcheck="false" data-testid="next-client"></label>
<button type="submit" data-testid="next-set">Set</button>
<p class="hint">The next login goes like this, without a page; each is used once.</p>
<datalist id="user-names">${users.slice(0, MOST).map(({ username }) => html`<option value="${username}">`)}</datalist>
<datalist id="client-names">${clients.slice(0, MOST).map(({ client_id }) => html`<option value="${client_id}">`)}</datalist>
</form>
<div id="waiting" data-live>${
    waiting.length > 0 &&
    html`<ol class="waiting" data-testid="waiting">${waiting.map(({ told, client }) => html`<li>${told}${client !== undefined && html` at <code>${client}</code>`}</li>`)}</ol>
${button('Forget these', { call: 'DELETE /next-login', testId: 'next-forget' })}`
  }</div>`
}

export function clientsView(scene: Scene): Html {
  const { clients } = scene.resident.declared.config
  const rows = clients
    .slice(0, MOST)
    .map((client) => [
      html`${copyable(client.client_id, `the client_id ${client.client_id}`)}${client.client_name !== undefined && html`<span class="line">${client.client_name}</span>`}`,
      clientAuthMethodsOf(client).join(' or '),
      chips(client.grant_types),
      client.redirect_uris.map((uri) => html`<code class="line">${uri}</code>`),
      client.scopes === undefined ? 'all that are declared' : chips(client.scopes),
    ])
  const none = 'No clients are declared. Add clients to the configuration, or PUT /_mock/clients/ID.'
  const columns = ['client_id', 'Authenticates by', 'Grants', 'Redirect URIs', 'Scopes']
  return declared({ id: 'clients', title: 'Clients', columns, rows, none, count: clients.length })
}
