import { endpointUrl, issuerOf } from '../context.ts'
import { type Html, html } from '../pages/html.ts'
import { copyableLines } from './parts.ts'
import type { Scene } from './scene.ts'

/** What to do where nothing has come yet. */
export function firstSteps(scene: Scene): Html {
  const { cx, resident, base, asked } = scene
  const { clients, users } = resident.declared.config
  const of = asked.tenant === undefined ? '' : `?tenant=${encodeURIComponent(asked.tenant)}`
  const discovery = `${endpointUrl(cx.bases.caller, '', cx).replace(/\/$/, '')}${cx.face.endpoints.discovery ?? ''}`
  const [client] = clients
  return html`<div class="steps-first" data-testid="first-steps">
<h2>Nothing has come yet</h2>
<p>Requests appear here as they are answered: logins as timelines, each token with what is in it.</p>
<ol>
<li><p>Give your application the issuer.</p>${copyableLines(issuerOf(cx), 'the issuer')}</li>
<li><p>See whether it is reached.</p>${copyableLines(`curl ${quoted(discovery)}`, 'the command')}</li>
${
  client !== undefined &&
  html`<li><p>Have a token at once, without any flow.</p>${copyableLines(
    `curl ${quoted(`${base}/_mock/tokens${of}`)} -H 'content-type: application/json' -d ${quoted(JSON.stringify({ client: client.client_id }))}`,
    'the command',
  )}</li>`
}
</ol>
<p class="hint">${
    clients.length === 0
      ? 'No clients are declared: add clients to the configuration, or PUT /_mock/clients/ID.'
      : `Declared: ${counted(clients.length, 'client')}, ${counted(users.length, 'user')}.`
  }</p>
</div>`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** As a shell reads it. */
function quoted(text: string): string {
  return /^[\w.:/?=&%~-]+$/.test(text) && !text.includes('&') ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
