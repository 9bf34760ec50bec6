/** The form of a page, as a browser would send it. */
import { attr, one, read, tags } from './html.ts'

export interface Form {
  readonly action: string | undefined
  readonly method: string | undefined
  /** Names and values of its inputs, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** @throws Error where the page has no form, or several */
export function formOf({ html }: { readonly html: string }): Form {
  const form = one(tags(read({ status: 200, headers: {}, body: html }), 'form'))
  const inputs = tags(form, 'input').map(
    (input) => [attr(input, 'name') ?? '', attr(input, 'value') ?? ''] as const,
  )
  return { action: attr(form, 'action'), method: attr(form, 'method'), fields: inputs }
}

/** Sends a form where it says, as a browser would after a click on its button. */
export async function sendForm({ action = '', method, fields }: Form): Promise<Response> {
  if (method !== 'post') throw new Error(`the method of the form is ${method}`)
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
  return await fetch(action, { method: 'POST', body, redirect: 'manual' })
}

/** Text that a careless page or URL would break or take for its own. */
export const HOSTILE_TEXTS: readonly string[] = [
  `"><script>alert(1)</script>`,
  `' onfocus=alert(1) autofocus '`,
  'a&amp;b&lt;c&#39;d',
  'a+b%20c%2Bd&code=stolen#x=1?y=2',
  '</form><form action=https://evil.test>',
  'äö€😀 \u202e\u00a0',
  '{"json":[1,2]}\\',
]
