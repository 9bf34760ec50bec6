/** What stands in a Markdown file: its blocks, links and headings. */
import { readFileSync } from 'node:fs'

interface Block {
  /** What stands behind the fence: `yaml`, or `js run`. */
  readonly info: string
  readonly text: string
}

export interface Page {
  readonly blocks: readonly Block[]
  /** Targets of links, but those to other sites. */
  readonly links: readonly string[]
  /** The anchors of its headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>
}

const FENCE = /^```(.+)\n([\s\S]*?)^```$/gm

export function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8')
  const prose = text.replaceAll(FENCE, '').replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''))
  return {
    blocks: [...text.matchAll(FENCE)].map(([, info = '', block = '']) => ({ info, text: block })),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target)),
    anchors: new Set([...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title))),
  }
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}
