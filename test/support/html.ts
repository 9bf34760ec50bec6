/** Pages as a browser reads them. */
import { type Node, parse } from 'parse5'
import type { EndpointResponse } from '../../src/protocol/messages.ts'

/** An element, or another node by its `#name`: what stands between its children is in `texts`, one more than these. */
export interface Element {
  readonly tag: string
  readonly attrs: readonly (readonly [name: string, value: string])[]
  readonly children: readonly Element[]
  readonly texts: readonly string[]
}

/** The document as it is after its way over the wire, in UTF-8. */
export function read(page: EndpointResponse): Element {
  return readStrictly(page).root
}

/** What a strict parser would complain about. */
export function mistakesOf(page: EndpointResponse): readonly string[] {
  return readStrictly(page).mistakes
}

/** Both at once. */
export function readStrictly({ body }: Pick<EndpointResponse, 'body'>): {
  readonly root: Element
  readonly mistakes: readonly string[]
} {
  const mistakes: string[] = []
  const text = Buffer.from(String(body), 'utf8').toString('utf8')
  const document = parse(text, { onParseError: ({ code }) => void mistakes.push(code) })
  return { root: element(document), mistakes }
}

function element({ nodeName, attrs = [], childNodes = [] }: Node): Element {
  const children: Element[] = []
  const texts = ['']
  for (const child of childNodes) {
    if (child.nodeName === '#text') texts[children.length] += child.value ?? ''
    else texts[children.push(element(child))] = ''
  }
  return { tag: nodeName, attrs: attrs.map(({ name, value }) => [name, value]), children, texts }
}

/** The element and all below it, in the order of the document. */
export function every(root: Element): Element[] {
  return [root, ...root.children.flatMap(every)]
}

/** The elements of this name. */
export function tags(root: Element, tag: string): Element[] {
  return every(root).filter((each) => each.tag === tag)
}

/** The elements with this attribute, or with this value of it. */
export function having(root: Element, name: string, value?: string): Element[] {
  return every(root).filter((each) => {
    const own = attr(each, name)
    return own !== undefined && (value === undefined || own === value)
  })
}

/** The only element of a list. */
export function one([found, ...others]: readonly Element[]): Element {
  if (found === undefined || others.length > 0)
    throw new Error(
      found === undefined ? 'there is no such element' : `there are ${others.length + 1} of them`,
    )
  return found
}

export function attr({ attrs }: Element, name: string): string | undefined {
  return attrs.find(([each]) => each === name)?.[1]
}

/** The text as a person reads it: white space is one blank. */
export function textOf(root: Element): string {
  return wholeText(root).replaceAll(/\s+/g, ' ').trim()
}

/** The text as it is. */
export function wholeText({ texts, children }: Element): string {
  return texts.map((text, at) => text + (children[at] === undefined ? '' : wholeText(children[at]))).join('')
}
