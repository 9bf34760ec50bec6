/** JSON values, and objects as ordered members: what goes on the wire keeps its order and may repeat itself. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** A JSON literal that is written as it is: numbers such as `1e400`, names with escapes, broken text on purpose. */
export class Literal {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** One member of a JSON object; `from` says where the value came from, for people. */
export interface Member {
  readonly name: string
  readonly value: Json | Literal
  readonly from?: string
}

/** A JSON object as the ordered list of its members. */
export type Members = readonly Member[]

/** The members of a plain object, without those that are `undefined`. */
export function membersOf(object: Readonly<Record<string, Json | undefined>>, from?: string): Member[] {
  const members: Member[] = []
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined) members.push(from === undefined ? { name, value } : { name, value, from })
  }
  return members
}

/** Later members replace earlier ones of the same name in place; new ones follow. */
export function overlay(base: Members, ...layers: readonly Members[]): Member[] {
  const merged = [...base]
  for (const layer of layers) {
    for (const member of layer) {
      const index = merged.findIndex(({ name }) => name === member.name)
      if (index === -1) merged.push(member)
      else merged[index] = member
    }
  }
  return merged
}

/** The members without those of these names. */
export function without(members: Members, ...names: readonly string[]): Member[] {
  return members.filter(({ name }) => !names.includes(name))
}

/** The members as a plain object without a prototype; the last of a repeated name wins, literals are left out. */
export function objectOf(members: Members): Record<string, Json> {
  const object: Record<string, Json> = Object.create(null)
  for (const { name, value } of members) {
    if (!(value instanceof Literal)) object[name] = value
  }
  return object
}

/** Deeper than anybody writes. JSON.parse reads deeper values than JSON.stringify can write again. */
const MOST_LEVELS = 32

/** Whether a value that was read is nested too deep to be worked with. */
export function isTooDeep(value: unknown, levels: number = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => isTooDeep(each, levels - 1))
}

/** JSON text of the members, in their order. @see https://www.rfc-editor.org/rfc/rfc8259.html#section-4 */
export function stringify(members: Members): string {
  let text = ''
  for (const { name, value } of members) {
    const json = value instanceof Literal ? value.text : JSON.stringify(value)
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${json}`
  }
  return `{${text}}`
}
