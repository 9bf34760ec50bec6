import { type EndpointResponse, NO_STORE } from '../protocol/messages.ts'
import { type Html, html } from './html.ts'
import type { Pinned } from './pinned.ts'
import { STYLE } from './style.ts'
import { sourceOf } from './uri.ts'
import type { Frame } from './views.ts'

export interface Page {
  /** Title of the document, and by convention its heading. */
  readonly title: string
  readonly main: Html
  readonly frame: Partial<Frame>
  readonly status?: number | undefined
  readonly wide?: boolean
  readonly script?: Pinned | undefined
  /** The http or https URLs of what is loaded. */
  readonly images?: readonly string[]
  readonly frames?: readonly string[]
  readonly referrer?: 'same-origin' | 'strict-origin'
}

/**
 * A whole page as an answer: it loads nothing but what it names, and nobody may frame it.
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.16
 */
export function layout(page: Page): EndpointResponse {
  const headers = {
    ...NO_STORE,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy(page),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: browsers would then send the forms with `Origin: null`, which no page of ours has.
    'referrer-policy': page.referrer ?? 'same-origin',
  }
  return { status: page.status ?? 200, headers, body: document(page).toString() }
}

/**
 * No form-action: Chrome applies it to the redirects that follow a form too, which would stop a login whose client
 * redirects further.
 * @see https://www.w3.org/TR/CSP3/#directive-form-action
 */
function policy({ script, images = [], frames = [] }: Page): string {
  const sources: readonly (readonly [directive: string, sources: readonly string[]])[] = [
    ['default-src', ["'none'"]],
    ['style-src', [STYLE.source]],
    ['script-src', script === undefined ? [] : [script.source]],
    ['img-src', images.map(sourceOf)],
    ['frame-src', frames.map(sourceOf)],
    ['base-uri', ["'none'"]],
    ['frame-ancestors', ["'none'"]],
  ]
  const used = sources.filter(([, allowed]) => allowed.length > 0)
  return used.map(([directive, allowed]) => [directive, ...new Set(allowed)].join(' ')).join('; ')
}

function document({ title, main, frame, script, wide = false }: Page): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${STYLE.text}</style>
</head>
<body>
<main${wide && html` class="wide"`}>
${main}
</main>
${footer(frame)}
${script && html`<script>${script.text}</script>`}
</body>
</html>
`
}

function footer({ tenant, issuer }: Partial<Frame>): Html {
  return html`<footer>
<p>IdP Double · <strong class="test">TEST ONLY</strong>${tenant !== undefined && html` · <span>${tenant}</span>`}${
    issuer !== undefined && html` · <code>${issuer}</code>`
  }</p>
</footer>`
}
