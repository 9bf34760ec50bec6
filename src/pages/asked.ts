import { clientFacts } from './client.ts'
import { fact, list } from './fact.ts'
import { type Html, html } from './html.ts'
import type { AskedView, ScopeView } from './views.ts'

/**
 * What a client asks for and where the answer goes, so that whoever decides sees it.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3
 */
export function askedFacts(asked: AskedView, claims: readonly string[] = []): Html {
  const { client, scopes, resources, redirect_uri, user_code } = asked
  return html`<dl class="facts">
${fact('Client', clientFacts(client))}
${redirect_uri !== undefined && fact('Answer goes to', code(redirect_uri))}
${user_code !== undefined && fact('Code on the device', code(user_code))}
${scopes.length > 0 && fact('Scopes', list(scopes.map(scopeLine)))}
${claims.length > 0 && fact('Single claims', list(claims.map(code)))}
${resources.length > 0 && fact('Resources', list(resources.map(code)))}
</dl>`
}

function scopeLine({ scope, claims }: ScopeView): Html {
  return html`${code(scope)}${claims.length > 0 && html` <span class="sub">${claims.join(', ')}</span>`}`
}

function code(value: string): Html {
  return html`<code>${value}</code>`
}
