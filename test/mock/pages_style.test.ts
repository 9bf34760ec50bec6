import { describe, expect, it } from 'vitest'
import { STYLE } from '../../src/pages/style.ts'

const css = STYLE.text.toString()

/** The colours of each scheme, by name. */
const [light, dark] = [...css.matchAll(/:root\{([^}]*)\}/g)].map(
  ([, text = '']) =>
    new Map([...text.matchAll(/--([\w-]+):(#\w{3,6})\b/g)].map(([, name, hex]) => [name, hex])),
)
const white = '#fff'
const hues = [...css.matchAll(/\.hue-\d\{background:(#\w{6})\}/g)].map(([, hex = '']) => hex)

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replaceAll(/\w/g, '$&$&') : hex
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const TEXT = [
  ...[
    ['ink', 'card'],
    ['ink', 'page'],
    ['ink', 'tint'],
    ['soft', 'card'],
    ['soft', 'page'],
    ['soft', 'tint'],
  ],
  ...[
    ['accent', 'card'],
    ['accent', 'page'],
    ['on', 'accent'],
    ['bad', 'bad-tint'],
    ['test', 'test-tint'],
  ],
]
const MARKS = [
  ['edge', 'card'],
  ['bad', 'card'],
  ['accent', 'card'],
  ['accent', 'page'],
]

describe('WCAG 2.2: the style of the pages', () => {
  it.each([
    ['light', light],
    ['dark', dark],
  ])('has a contrast of 4.5 for text and 3 for what marks a control, in the %s scheme', (_name, colours) => {
    const of = ([one, other]: readonly string[]) =>
      contrast(colours?.get(one) ?? 'none', colours?.get(other) ?? 'none')
    for (const pair of TEXT) expect(of(pair), pair.join(' on ')).toBeGreaterThanOrEqual(4.5)
    for (const pair of MARKS) expect(of(pair), pair.join(' on ')).toBeGreaterThanOrEqual(3)
  })

  it('has initials that can be read on every colour', () => {
    expect(hues).toHaveLength(6)
    for (const hue of hues) expect(contrast(hue, white)).toBeGreaterThanOrEqual(4.5)
  })

  it('shows where the focus is, moves only for those who do not mind, and makes room for fingers', () => {
    expect(css).toContain(':focus-visible{outline:3px solid')
    expect(css.replace(/@media\(prefers-reduced-motion:no-preference\)\{.*\}\}/, '')).not.toMatch(
      /transition|animation/,
    )
    expect(css).toMatch(/button,\.button\{[^}]*min-height:2\.75rem/)
    expect(css).toMatch(/input,textarea\{[^}]*min-height:2\.75rem/)
  })

  it('loads nothing', () => {
    expect(css).not.toMatch(/url\(|@import|@font-face|</)
  })
})
