import { type Html, html } from './html.ts'
import { isWeb } from './uri.ts'
import type { ClientView } from './views.ts'

/** The heading, who asks for it, and the logo: without a size of its own one that does not load takes no room. */
export function heading(title: string, client: ClientView, asks: string): Html {
  return html`<header>
<div><h1>${title}</h1>
<p class="lead"><strong>${client.name ?? client.client_id}</strong> ${asks}</p></div>
${logoOf(client).map((uri) => html`<img src="${uri}" alt="">`)}
</header>`
}

/** The URL of the logo where there is one that may be loaded. */
export function logoOf({ logo_uri }: ClientView): readonly string[] {
  return logo_uri !== undefined && isWeb(logo_uri) ? [logo_uri] : []
}

/**
 * A client by name and id, with the pages that it says something on.
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
 */
export function clientFacts({ client_id, name, client_uri, policy_uri, tos_uri }: ClientView): Html {
  const links = [
    pageLink('Home page', client_uri),
    pageLink('Privacy policy', policy_uri),
    pageLink('Terms of service', tos_uri),
  ].filter((link) => link !== false)
  return html`${name !== undefined && html`<strong>${name}</strong> `}<code>${client_id}</code>
${links.length > 0 && html`<div class="links">${links}</div>`}`
}

function pageLink(text: string, uri: string | undefined): Html | false {
  if (uri === undefined) return false
  return isWeb(uri)
    ? html`<a href="${uri}" target="_blank" rel="noopener noreferrer">${text}</a>
`
    : html`<span class="sub">${text}: <code>${uri}</code></span>`
}
