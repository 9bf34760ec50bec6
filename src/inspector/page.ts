/** The inspector as an answer: a whole document, which runs one script of its own and loads nothing else. */
import type { Answered } from '../control/call.ts'
import { type Html, html } from '../pages/html.ts'
import { header, navigation, tools } from './chrome.ts'
import type { Scene } from './scene.ts'
import { STYLE } from './style.ts'

/** @see https://www.w3.org/TR/CSP3/#directives */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src ${STYLE.source}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  // Who opened it in a window of theirs learns nothing about it.
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const

/** A view with what surrounds it. */
export function page(title: string, main: Html, scene: Scene): Answered {
  const { asked, resident } = scene
  const body = html`<body data-last="${resident.journal.last}"${asked.tenant !== undefined && html` data-tenant="${asked.tenant}"`}>
<a class="skip" href="#main">Skip to the content</a>
${header(scene)}
${tools(scene)}
${navigation(scene)}
<p id="said" role="status" data-testid="said"></p>
<noscript><p class="hint">Without a script the page can be read; it has no buttons and does not follow what happens.</p></noscript>
<main id="main" tabindex="-1">
${main}
</main>
<footer><p>${office(scene)}</p></footer>
<script src="inspector.js"></script>
</body>`
  return document(title, body)
}

function office({ office: { place }, resident, cx }: Scene): Html {
  return html`IdP Double ${place.version} · <code>${resident.name}</code> · ${cx.tenant.dialect.name} · <a href="openapi.json">API</a>`
}

/** Also without a script: what a refusal is shown in. */
export function document(title: string, body: Html, status = 200): Answered & { readonly text: string } {
  const text = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · IdP Double</title>
<style>${STYLE.text}</style>
</head>
${body}
</html>
`
  return { status, text: text.toString(), type: 'text/html; charset=utf-8', headers: HEADERS }
}
