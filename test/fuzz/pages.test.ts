/** A hundred thousand texts that want to be markup, on every page as many as it has room for; fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STYLE } from '../../src/pages/style.ts'
import { isWeb, sourceOf } from '../../src/pages/uri.ts'
import type { EndpointResponse } from '../../src/protocol/messages.ts'
import { attr, type Element, read } from '../support/html.ts'
import { hostileUrl, KINDS, PAGES } from './hostile_page.ts'

const TEXTS = 100
const RUNS = { numRuns: 1000 }

/** A page that has room for a few texts only is shown this often in each run, with others each time. */
const MOST_SHOWN = 4

const WORD = /https:\/\/t(\d+)t\.test\/|app:t(\d+)t|t(\d+)t/g
const SOURCE = /^('none'|'sha256-[\w+/=]{44}'|https?:\/\/[a-z0-9._-]+(:\d+)?|https?:)$/
const AVATAR = /^[\p{L}\p{N}\p{M}]{0,8} avatar hue-[0-5]$/u

type Show = (typeof PAGES)[number][1]

/** A page as a browser reads it, and how many texts it holds. */
interface Shown {
  /** JSON, which compares faster than objects do. */
  readonly tree: string
  readonly policy: string
  readonly holds: number
}

function shownWith(show: Show, textAt: (at: number) => string): Shown {
  let holds = 0
  const page = show(() => textAt(holds++))
  return { tree: JSON.stringify(withoutAvatars(read(unstyled(page)))), policy: directives(page), holds }
}

/** The page with a harmless word for each text, of the same kinds; the first text is of the kind given. */
function harmless(show: Show, firstKind: number): Shown {
  return shownWith(show, (at) => kindAt(firstKind + at).word(`t${at}t`))
}

function kindAt(at: number): (typeof KINDS)[number] {
  return KINDS[at % KINDS.length] ?? KINDS[0]
}

/** The text as it comes over the wire: UTF-8 has no lone surrogates, HTML no NUL. */
function wired(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\ufffd')
}

/** The JSON of a tree with the words turned into the texts that they stand for. */
function filled(json: string, textAt: (at: number) => string): string {
  return json.replaceAll(WORD, (_, web, app, plain) =>
    JSON.stringify(wired(textAt(Number(web ?? app ?? plain)))).slice(1, -1),
  )
}

/** Initials and colour are made of a name in a way that cannot be turned back: they are looked at on their own. */
function withoutAvatars(root: Element): Element {
  const initials = attr(root, 'data-initials')
  if (initials !== undefined) {
    const made = `${initials} ${attr(root, 'class')}`
    if (!AVATAR.test(made)) throw new Error(`an avatar is ${made}`)
    return { ...root, attrs: root.attrs.map(([name]) => [name, '']) }
  }
  return { ...root, children: root.children.map(withoutAvatars) }
}

/** The style is the same on all pages and takes most of the time that reading them takes. */
function unstyled(page: EndpointResponse): EndpointResponse {
  return { ...page, body: String(page.body).replace(STYLE.text.toString(), () => '') }
}

/** The policy without its well-formed sources. */
function directives({ headers }: EndpointResponse): string {
  const all = (headers['content-security-policy'] ?? '').split('; ').map((each) => each.split(' '))
  return all.map((words) => words.filter((word) => !SOURCE.test(word)).join(' ')).join('; ')
}

describe('the pages, whatever text they show', () => {
  it('have the elements, the attributes and the policy that harmless text gives them, and read back as it', () => {
    const pages = PAGES.map(([name, show]) => ({
      name,
      show,
      expected: KINDS.map((_, firstKind) => harmless(show, firstKind)),
    }))
    const law = (texts: readonly string[], start: number) => {
      for (const { name, show, expected } of pages) {
        let from = start
        for (let times = 0; times < MOST_SHOWN && from < start + TEXTS; times += 1) {
          const textAt = (at: number) => texts[(from + at) % TEXTS] ?? ''
          const [shown, other] = [shownWith(show, textAt), expected[from % KINDS.length] as Shown]
          const tree = filled(other.tree, textAt)
          if (shown.tree !== tree) expect(JSON.parse(shown.tree), name).toEqual(JSON.parse(tree))
          expect(shown.policy, name).toBe(other.policy)
          from += shown.holds
        }
      }
    }
    const texts = fc.tuple(...Array.from({ length: TEXTS }, (_, at) => kindAt(at).text))
    fc.assert(fc.property(texts, fc.nat(KINDS.length - 1), law), RUNS)
  }, 120_000)

  it('allow no more than a host or a scheme for what is loaded from it', () => {
    const law = (uri: string) => {
      if (isWeb(uri)) expect(sourceOf(uri)).toMatch(SOURCE)
    }
    fc.assert(fc.property(hostileUrl, law), { numRuns: 50_000 })
  })
})
