/** URLs, pages and other texts as they are shown: what bears a secret name in them is masked, and what repeats it. */
import { isSecretParam } from './secret_names.ts'
import type { Shade } from './shade.ts'

/** `name=value` as in a query, a fragment or a form. */
const PAIR = /(^|[?&#])([^=&#?\s]{1,200})=([^&#]*)/g

/** URLs stand in URLs: so many levels are looked into. */
const LEVELS = 3

/** A URL, or a value that may hold one. */
export function shownUrl(text: string, shade: Shade, level: number = LEVELS): string {
  if (shade.isClear) return text
  // What is known is hidden as a whole, before the text is taken apart.
  const known = shade.text(text)
  if (level === 0 || !known.includes('=')) return known
  return known.replace(PAIR, (pair, before: string, name: string, raw: string) => {
    const value = decoded(raw)
    const isSecret = isSecretParam(decoded(name))
    const shown = isSecret ? shade.secret(value) : shownUrl(value, shade, level - 1)
    return shown === value ? pair : `${before}${name}=${encoded(shown)}`
  })
}

/** Half of a surrogate pair has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const INPUT = /name="([^"]*)" value="([^"]*)"/g

/** The hidden fields of a page: the answer of response mode form_post, or what a page sends along with its form. */
export function fieldsIn(page: string): (readonly [name: string, value: string])[] {
  return [...page.matchAll(INPUT)].map(([, name = '', value = '']) => [unescaped(name), unescaped(value)])
}

const ENTITY = /&(?:amp|lt|gt|quot|#39|#13);/g

const CHARACTERS: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#13;': '\r',
}

function unescaped(text: string): string {
  return text.replace(ENTITY, (entity) => CHARACTERS[entity] as string)
}

/** Links of a page, which hold what belongs to its form. */
const LINK = /\b(?:href|action)="([^"]*)"/g

/** A page of ours. */
export function shownPage(page: string, shade: Shade): string {
  if (shade.isClear) return page
  const fields = page.replace(INPUT, (input, name: string, value: string) =>
    isSecretParam(unescaped(name)) ? `name="${name}" value="${shade.secret(unescaped(value))}"` : input,
  )
  for (const [, link = ''] of page.matchAll(LINK)) shownUrl(unescaped(link), shade)
  return shade.text(fields)
}
