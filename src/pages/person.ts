import { type Html, html } from './html.ts'
import type { UserView } from './views.ts'

/** More would hide the people behind their groups. */
const MOST_CHIPS = 8

const HUES = 6

/** Who somebody is: initials, name, e-mail, roles and groups. Phrasing content, so that a button may hold it. */
export function person(user: UserView): Html {
  const { username, name, email, roles, groups } = user
  const details = [name === undefined ? undefined : username, email].filter((each) => each !== undefined)
  const chips = [chipList('role', roles), chipList('group', groups)]
  return html`<span class="avatar hue-${hue(username)}" data-initials="${initials(user)}" aria-hidden="true"></span>
<span class="person"><strong>${name ?? username}</strong>
${details.length > 0 && html`<span class="sub bits">${details.map((each) => html`<span>${each}</span> `)}</span>`}
${roles.length + groups.length > 0 && html`<span class="chips">${chips}</span>`}</span>`
}

function chipList(kind: 'role' | 'group', names: readonly string[]): Html | false {
  const more = names.length - MOST_CHIPS
  if (names.length === 0) return false
  return html`<span class="unseen">${kind}s: </span>${names
    .slice(0, MOST_CHIPS)
    .map((each) => html`<span class="chip ${kind}" title="${kind}">${each}</span> `)}${
    more > 0 && html`<span class="chip">+${more}</span> `
  }`
}

function initials({ name, username }: UserView): string {
  const words = (name ?? username).replace(/@.*/s, '').split(/[\s._-]+/)
  const letters = words.flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])
  return `${letters[0] ?? ''}${letters.length > 1 ? letters.at(-1) : ''}`.toUpperCase()
}

/** The same colour for the same person on every page. */
function hue(username: string): number {
  const sum = [...username].reduce((all, each) => (all * 31 + (each.codePointAt(0) ?? 0)) % 65_521, 0)
  return sum % HUES
}
