/** What hides secrets: a value is a mark instead, and equal values have equal marks. */
import { createHash } from 'node:crypto'
import { printable } from '../protocol/errors.ts'
import { readToken, TOKEN, withoutProof } from './token_text.ts'

export interface Shade {
  /** Whether it hides nothing. */
  readonly isClear: boolean
  /** A value that is secret; whatever comes later knows it too. */
  secret(value: string): string
  /** A text that may repeat secrets. */
  text(value: string): string
}

/** Shows everything as it came. */
export const CLEAR: Shade = { isClear: true, secret: (value) => value, text: (value) => value }

/** Shorter ones are parts of ordinary words too often to be looked for in texts. */
const SHORTEST = 6
const MARK_LENGTH = 6

/** What messages repeat of a long value; and how much of a secret is enough to know it by, where something stands before it. */
const CUT = 77
const HEAD = 24

/** Values that are no secrets even where a secret is the same. */
type Known = readonly (string | undefined)[]

export interface ShadeOptions {
  readonly salt: string
  readonly known?: Known
  /** Shows it everything once. Then it knows all secrets: to take in each as it is shown would cost as often as there are texts. */
  teach(shade: Shade): void
}

/** Hides what it was told to be secret, also in texts. A mark says nothing about its value to who has not the salt. */
export function createShade({ salt, known = [], teach }: ShadeOptions): Shade {
  const masks = new Map<string, string>()
  /** Of those that messages cut. */
  const heads = new Map<string, string>()
  const made = new Set<string>()
  let pattern: RegExp | undefined
  let isLearning = true
  const mark = (value: string) =>
    `***${createHash('sha256').update(`${salt}\0${value}`).digest('base64url').slice(0, MARK_LENGTH)}`
  const learn = (value: string, mask: string): string => {
    made.add(mask)
    if (!isLearning || value.length < SHORTEST || known.includes(value)) return mask
    if (masks.get(value) === mask) return mask
    for (const form of formsOf(value)) {
      masks.set(form, mask)
      if (form.length >= CUT) heads.set(form.slice(0, HEAD), mask)
    }
    return mask
  }
  const token = (text: string): string | undefined => {
    const parts = withoutProof(text)
    if (parts === undefined) return undefined
    const { rest, proof } = parts
    const mask = proof === '' ? `${rest}.` : `${rest}.${learn(proof, mark(proof))}`
    made.add(mask)
    return mask
  }
  const shade: Shade = {
    isClear: false,
    secret(value) {
      if (value === '' || made.has(value)) return value
      // Only what is a token in all its parts is shown in part.
      const shown = readToken(value) === undefined ? undefined : token(value)
      return shown ?? learn(value, mark(value))
    },
    text(value) {
      const tokenless = value.replace(TOKEN, (found) => (made.has(found) ? found : (token(found) ?? found)))
      if (pattern === undefined) return tokenless
      return tokenless.replace(
        pattern,
        (found) => masks.get(found) ?? heads.get(found.slice(0, HEAD)) ?? found,
      )
    },
  }
  teach(shade)
  isLearning = false
  if (masks.size > 0) pattern = patternOf(masks.keys(), heads.keys())
  return shade
}

/** A secret as it stands in URLs, forms, pages, JSON and error descriptions, and as messages cut it. */
function formsOf(secret: string): Iterable<string> {
  const whole = secret.length > CUT + 3 ? [secret, secret.slice(0, CUT)] : [secret]
  return new Set(
    whole.flatMap((text) => [
      text,
      encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')),
      new URLSearchParams({ '': text }).toString().slice(1),
      text.replace(/[&<>"'\r]/g, (character) => ENTITIES[character] as string),
      JSON.stringify(text).slice(1, -1),
      printable(text),
    ]),
  )
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
}

/** Longer ones first: one secret may begin with another. What is left of those that were cut comes last. */
function patternOf(secrets: Iterable<string>, heads: Iterable<string>): RegExp {
  const sorted = [...secrets].sort((one, other) => other.length - one.length)
  const cut = [...heads].map((head) => `${escaped(head)}\\S{0,${CUT}}?\\.\\.\\.`)
  return new RegExp([...sorted.map(inText), ...cut].join('|'), 'g')
}

/** A secret that is a word, such as `secret`, is not looked for inside of longer ones, such as `client_secret`. */
function inText(secret: string): string {
  if (/^[a-z]+$/.test(secret)) return `(?:(?<![a-z_])|(?<=%[0-9a-f]{2}))${secret}(?![a-z_])`
  return escaped(secret)
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
