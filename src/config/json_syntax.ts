import type { Finding } from './problem.ts'

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])))/y
const SPACE = /[ \t\r\n]*/y

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end'

const WORDS: Readonly<Record<Expect, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes or }',
  colon: 'a colon',
  comma: 'a comma or the end of the list or map',
  end: 'the end of the file',
}

/** Finds the place of the first syntax error of a text that `JSON.parse` refused, the same in every version of node. */
export function jsonSyntaxError(text: string): Finding {
  const open: string[] = []
  let expect: Expect = 'value'
  let at = 0
  for (;;) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    const next: Expect | null | undefined = match && step(expect, match, open)
    if (!match || !next) return finding(text, at, expect)
    expect = next
    at += match[0].length
  }
}

function finding(text: string, from: number, expect: Expect): Finding {
  SPACE.lastIndex = from
  const start = from + (SPACE.exec(text)?.[0].length ?? 0)
  const char = String.fromCodePoint(text.codePointAt(start) ?? 0)
  const got = start >= text.length ? 'the end of the file' : JSON.stringify(char)
  return { path: [], message: `JSON: expected ${WORDS[expect]}, got ${got}`, range: [start, start + 1] }
}

/** What may follow a token, or nothing where the token may not stand. */
function step(expect: Expect, [, mark, text, literal]: RegExpExecArray, open: string[]): Expect | undefined {
  const wantsValue = expect === 'value' || expect === 'value or ]'
  if (mark === '{' || mark === '[') {
    if (!wantsValue) return undefined
    open.push(mark)
    return mark === '{' ? 'key or }' : 'value or ]'
  }
  if (mark === '}' || mark === ']') {
    const mayEnd = expect === 'comma' || expect === (mark === '}' ? 'key or }' : 'value or ]')
    return mayEnd && open.pop() === (mark === '}' ? '{' : '[') ? after(open) : undefined
  }
  if (mark === ':') return expect === 'colon' ? 'value' : undefined
  if (mark === ',') return expect !== 'comma' ? undefined : open.at(-1) === '{' ? 'key' : 'value'
  if (text !== undefined && (expect === 'key' || expect === 'key or }')) return 'colon'
  return wantsValue && (text ?? literal) !== undefined ? after(open) : undefined
}

function after(open: readonly string[]): Expect {
  return open.length === 0 ? 'end' : 'comma'
}
