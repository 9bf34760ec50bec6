import { describe, expect, it } from 'vitest'
import { mergePatched } from '../../src/control/merge_patch.ts'

/** Original, patch, result. */
const EXAMPLES = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ['{"a":"foo"}', '{"a":{"b":1}}', '{"a":{"b":1}}'],
] as const

describe('RFC 7396 appendix A, JSON Merge Patch', () => {
  it.each(EXAMPLES)('makes of %s by %s: %s', (original, patch, result) => {
    const merged = mergePatched(JSON.parse(original), JSON.parse(patch))
    expect(JSON.stringify(merged)).toBe(result)
  })

  it('makes members of names that reach a prototype elsewhere', () => {
    const merged = mergePatched({}, JSON.parse('{"__proto__":{"polluted":1},"constructor":{"a":1}}'))
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":1},"constructor":{"a":1}}')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})
