import type { Range, Source } from './problem.ts'

const WIDTH = 160
const BEFORE = 100

/** Finds line and column of offsets, both from 1. */
export function placesIn(text: string): (offset: number) => { line: number; col: number } {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, col: offset - (starts[low] ?? 0) + 1 }
  }
}

/** The line of a place with a caret beneath, secrets masked; nothing where secrets cannot be told from the rest. */
export function excerpt({ text, secrets }: Source, range: Range | undefined): readonly string[] {
  if (text === undefined || range === undefined || secrets === undefined) return []
  const start = range[0] === 0 ? 0 : text.lastIndexOf('\n', range[0] - 1) + 1
  const found = text.indexOf('\n', range[0])
  const end = found === -1 ? text.length : found
  const from = Math.max(start, range[0] - BEFORE)
  const to = Math.min(end, from + WIDTH)
  const line = masked(text, [from, to], secrets)
  const length = Math.max(1, Math.min(range[1], to) - range[0])
  return [`  ${line.trimEnd()}`, `  ${' '.repeat(range[0] - from)}${'^'.repeat(length)}`]
}

/** Each character of a secret becomes `*`, so that the caret stays in place. */
function masked(text: string, [from, to]: Range, secrets: readonly Range[]): string {
  let line = text.slice(from, to)
  for (const [start, end] of secrets) {
    const [first, last] = [Math.max(start, from) - from, Math.min(end, to) - from]
    if (last > first) line = line.slice(0, first) + '*'.repeat(last - first) + line.slice(last)
  }
  return line.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}
