/** What the checks found, for people and for programs. */
import type { Level, Remark } from './check.ts'

export interface Line extends Remark {
  readonly check: string
}

const SHOWN: Readonly<Record<Level, string>> = { ok: 'ok', info: 'info', warn: 'warn', fail: 'FAIL' }

/** A line for each remark, and at the end the one thing to change first. */
export function textReport(given: string, lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ check }) => check.length))
  const rows = lines.flatMap(({ level, check, text, change }) => {
    const row = `${SHOWN[level].padEnd(4)}  ${check.padEnd(width)}  ${text}`
    return change === undefined ? [row] : [row, `${' '.repeat(width + 6)}  -> ${change}`]
  })
  const first = firstChange(lines)
  const failed = count(lines, 'fail')
  const warned = count(lines, 'warn')
  const sum = `${failed === 0 ? 'nothing is wrong' : `${failed} wrong`}, ${warned} ${warned === 1 ? 'warning' : 'warnings'}`
  return printable([given, '', ...rows, '', sum, ...(first === undefined ? [] : [`change first: ${first}`])])
}

/** The same as one JSON document. */
export function jsonReport(issuer: string, lines: readonly Line[]): string {
  const report = {
    issuer,
    ok: count(lines, 'fail') === 0,
    checks: lines.map(({ check, level, text, change }) => ({ check, level, text, change })),
    change_first: firstChange(lines),
  }
  return `${JSON.stringify(report, null, 2).replaceAll(STEERING, escaped)}\n`
}

function firstChange(lines: readonly Line[]): string | undefined {
  return lines.find(({ level }) => level === 'fail')?.change
}

function count(lines: readonly Line[], level: Level): number {
  return lines.filter((line) => line.level === level).length
}

/** Whoever answered has no say in what the terminal does. */
const STEERING = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function printable(lines: readonly string[]): string {
  return lines.map((line) => `${line.replaceAll(/\n/g, '?').replaceAll(STEERING, '?')}\n`).join('')
}

/** The same text in JSON, unit by unit. */
function escaped(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
