/** Names of X.509 subjects as people write them, and whether two mean the same. */
import { ATTRIBUTE_NAMES, ATTRIBUTE_TYPES } from './attribute_types.ts'

export interface Attribute {
  /** Its object identifier. */
  readonly type: string
  /** Text, or where that is not known, its BER encoding. */
  readonly value: string | Buffer
}

/** Relative names, mostly of one attribute each, in the order in which they came. */
export type DistinguishedName = readonly (readonly Attribute[])[]

export class MalformedName extends Error {}

const TYPE = /\s*(?:OID\.)?([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*/iy
/** Quoted, encoded, or as it is, which may be nothing. */
const VALUE = /"((?:[^"\\]|\\.)*)"\s*|#((?:[0-9a-f]{2})+)\s*|((?:[^,+;"\\]|\\.)*)/isuy
const SEPARATOR = /[,+;]/y

/**
 * Reads a name; beside the form of RFC 4514 the older ones of RFC 2253 and RFC 1779, which tools still print.
 * @throws MalformedName saying where it ends to be one
 * @see https://www.rfc-editor.org/rfc/rfc4514.html#section-3
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  const name: Attribute[][] = [[]]
  for (let at = 0; ; ) {
    const type = match(TYPE, text, at)
    if (type === undefined) throw malformed(text, at)
    const value = match(VALUE, text, at + type[0].length) as RegExpExecArray
    name.at(-1)?.push({ type: identifierOf(type[1] as string), value: valueIn(value) })
    at += type[0].length + value[0].length
    if (at === text.length) return name
    const separator = match(SEPARATOR, text, at)?.[0]
    if (separator === undefined) throw malformed(text, at)
    if (separator !== '+') name.push([])
    at += 1
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  const sticky = new RegExp(pattern)
  sticky.lastIndex = at
  return sticky.exec(text) ?? undefined
}

function malformed(text: string, at: number): MalformedName {
  const rest = text.slice(at, at + 20)
  const where = rest === '' ? 'nothing stands after its last separator' : `TYPE=value is expected at ${rest}`
  return new MalformedName(`${where}; write it as RFC 4514 has it: CN=partner,O=Example,C=NO`)
}

function identifierOf(name: string): string {
  if (/^\d/.test(name)) return name
  const identifier = ATTRIBUTE_TYPES.get(name.toLowerCase())
  if (identifier !== undefined) return identifier
  throw new MalformedName(`the attribute type ${name} is not known here; write its object identifier instead`)
}

function valueIn([, quoted, hex, plain]: readonly (string | undefined)[]): string | Buffer {
  return hex === undefined ? unescaped(quoted ?? plain ?? '') : Buffer.from(hex, 'hex')
}

/** Two hexadecimal digits are an octet of UTF-8, RFC 4514 §2.4. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  const parts = [...text.matchAll(/\\([0-9a-f]{2})|\\(.)|([^\\]+)/gisu)]
  const octets = parts.map(([, octet, escaped, plain = '']) =>
    octet === undefined ? Buffer.from(escaped ?? plain) : Buffer.from(octet, 'hex'),
  )
  return Buffer.concat(octets).toString()
}

/**
 * Whether a name means the other, whose first relative name may be the first or the last of this: RFC 4514 writes
 * them backwards, and not every tool does.
 * @see https://www.rfc-editor.org/rfc/rfc4517.html#section-4.2.15
 */
export function isSameName(one: DistinguishedName, other: DistinguishedName): boolean {
  const [left, right] = [one.map(folded), other.map(folded)]
  const same = (list: readonly string[]) =>
    list.length === right.length && list.every((each, index) => each === right[index])
  return same(left) || same(left.toReversed())
}

/** Attributes in any order, texts as caseIgnoreMatch sees them, RFC 4517 §4.2.11. */
function folded(attributes: readonly Attribute[]): string {
  const prepared = (text: string) => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
  const kept = attributes.map(({ type, value }) =>
    typeof value === 'string' ? `${type}=${prepared(value)}` : `${type}#${value.toString('hex')}`,
  )
  return JSON.stringify(kept.sort())
}

/** The text of a name that came in the order of its encoding. @see https://www.rfc-editor.org/rfc/rfc4514.html#section-2 */
export function writtenName(name: DistinguishedName): string {
  return name
    .toReversed()
    .map((attributes) => attributes.map(written).join('+'))
    .join(',')
}

function written({ type, value }: Attribute): string {
  const text =
    typeof value === 'string' ? value.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&') : `#${value.toString('hex')}`
  return `${ATTRIBUTE_NAMES.get(type) ?? type}=${text}`
}
