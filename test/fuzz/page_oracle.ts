/** What holds for every page, whatever it shows: no markup but the pages' own, nothing that runs, and a policy that says so. */
import { createHash } from 'node:crypto'
import { stillSignedInPage } from '../../src/pages/still_signed_in_page.ts'
import { STYLE } from '../../src/pages/style.ts'
import type { EndpointResponse } from '../../src/protocol/messages.ts'
import { attr, type Element, every, readStrictly, tags, wholeText } from '../support/html.ts'
import { PAGES } from './hostile_page.ts'
import type { Received } from './world.ts'

const HEADERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['content-type', /^text\/html; charset=utf-8$/],
  ['x-content-type-options', /^nosniff$/],
  ['x-frame-options', /^DENY$/],
  ['referrer-policy', /^(same-origin|strict-origin)$/],
  ['cache-control', /^no-store$/],
  [
    'content-security-policy',
    /^default-src 'none'; style-src 'sha256-[^']+'(; script-src 'sha256-[^']+')?(; (img|frame)-src [^;']+)*; base-uri 'none'; frame-ancestors 'none'$/,
  ],
]

/** What a text may do that a person sees as it came. */
const OF_TEXT = /in-input-stream$|^control-character-reference$/

/** Every element and attribute that the pages have where nobody wants to break them. */
const VOCABULARY: ReadonlySet<string> = new Set(
  [
    ...PAGES.flatMap(([, page]) => ['word', 'https://app.test/'].map((text) => page(() => text))),
    stillSignedInPage({ tenant: 'word', issuer: 'word' }),
  ].flatMap((page) => words(readStrictly(unstyled(page)).root)),
)

function words(root: Element): string[] {
  return every(root).flatMap(({ tag, attrs }) => [tag, ...attrs.map(([name]) => `${tag} ${name}`)])
}

/** The style is the same on all pages and takes most of the time that reading them takes. */
function unstyled(page: Pick<EndpointResponse, 'body'>) {
  return { body: String(page.body).replace(STYLE.text.toString(), () => '') }
}

/** What is wrong with a page; nothing where all is well. */
export function wrongPage(
  { headers, body }: Received,
  isRegistered: (uri: string) => boolean,
): string | undefined {
  const header = HEADERS.find(([name, pattern]) => !pattern.test(String(headers[name] ?? '')))
  if (header !== undefined) return `${header[0]} of the page is ${String(headers[header[0]])}`
  const page = unstyled({ body })
  const { root, mistakes } = readStrictly(page)
  const mistake = mistakes.find((code) => !OF_TEXT.test(code))
  if (mistake !== undefined) return `the page is no HTML: ${mistake}`
  const strange = words(root).find((word) => !VOCABULARY.has(word))
  if (strange !== undefined) return `the page has ${strange}`
  return wrongScript(root, String(headers['content-security-policy'])) ?? wrongLink(root, isRegistered)
}

function wrongScript(root: Element, policy: string): string | undefined {
  const hashes = tags(root, 'script').map((each) =>
    createHash('sha256').update(wholeText(each)).digest('base64'),
  )
  return hashes.every((hash) => policy.includes(`'sha256-${hash}'`))
    ? undefined
    : 'the page has a strange script'
}

function wrongLink(root: Element, isRegistered: (uri: string) => boolean): string | undefined {
  for (const each of every(root)) {
    const uri = attr(each, 'href') ?? attr(each, 'src')
    if (uri !== undefined && !/^(https?:|com\.example\.app:)/i.test(uri)) return `the page leads to ${uri}`
    const action = attr(each, 'action')
    if (action !== undefined && !isRegistered(action)) return `the page posts to ${action}`
  }
  return undefined
}
