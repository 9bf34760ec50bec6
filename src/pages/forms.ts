import { type Html, html } from './html.ts'

/** Without an action it posts to the URL of its page, whatever proxy or path prefix stands before it. */
export function form(interaction: string, fields: Html): Html {
  return html`<form method="post">
<input type="hidden" name="interaction" value="${interaction}">
${fields}
</form>`
}

/** A button that says what was decided, found by its action as id. */
export function decision(action: string, text: string, look: 'primary' | 'plain' | 'bare' = 'plain'): Html {
  return html`<button type="submit" class="${look}" name="action" value="${action}" id="${action}" data-testid="${action}">${text}</button>`
}

/** Why a page is shown again or differs; read out at once. @see https://www.w3.org/TR/wai-aria-1.2/#alert */
export function problemNote(problem: string | undefined): Html | false {
  if (problem === undefined) return false
  return html`<p class="problem" role="alert" id="problem" data-testid="problem">${problem}</p>`
}
