/** What a person sees whose browser is refused. */
import type { Answered } from '../control/call.ts'
import type { Problem } from '../control/problem.ts'
import { html } from '../pages/html.ts'
import { document } from './page.ts'

type Page = Extract<Answered, { readonly text: string }>

/** @param inspector where the inspector answers: a link there is one of our own page, which may open it */
export function refusalPage(problem: Problem, inspector: string): Page {
  const { title } = problem.toJSON()
  const body = html`<body>
<main class="refusal">
<h1>${String(title)}</h1>
<p class="problem" role="alert" data-testid="problem">${problem.message}</p>
<p>Nothing was done. <a href="${inspector}">Open the inspector</a></p>
</main>
</body>`
  return document(String(title), body, problem.status) as Page
}
