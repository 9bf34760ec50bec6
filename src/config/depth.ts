import { CST, Lexer } from 'yaml'

const DEEPEST = 64
const OPENS: ReadonlySet<string | null> = new Set(['flow-map-start', 'flow-seq-start'])
const CLOSES: ReadonlySet<string | null> = new Set(['flow-map-end', 'flow-seq-end'])
const INDICATORS: ReadonlySet<string | null> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind'])
const SILENT: ReadonlySet<string | null> = new Set([
  'space',
  'newline',
  'comment',
  'doc-mode',
  'flow-error-end',
  'byte-order-mark',
])

/**
 * The offset where a YAML text nests deeper than 64 levels, by brackets or by indentation. The parser calls itself
 * for each level, so this looks at tokens only, before it runs, and stops at the first level too many.
 */
export function tooDeepAt(text: string): number | undefined {
  const columns: number[] = []
  let [offset, lineStart, flow] = [0, 0, 0]
  let [atStart, isContent] = [true, false]
  for (const token of new Lexer().lex(text)) {
    const type = isContent ? 'content' : CST.tokenType(token)
    isContent = type === 'scalar'
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue
    if (OPENS.has(type)) flow += 1
    else if (CLOSES.has(type)) flow = Math.max(0, flow - 1)
    if (atStart && flow === 0 && !SILENT.has(type)) enter(columns, offset - lineStart)
    if (columns.length + flow > DEEPEST) return offset
    if (!SILENT.has(type)) atStart = atStart && INDICATORS.has(type)
    offset += token.length
    const newline = token.lastIndexOf('\n')
    if (newline === -1) continue
    lineStart = offset - token.length + newline + 1
    atStart = true
  }
  return undefined
}

/** A block begins at this column: it closes those at the same column or right of it. */
function enter(columns: number[], column: number): void {
  while ((columns.at(-1) ?? -1) >= column) columns.pop()
  columns.push(column)
}
