/** What the hooks of a description are made of: templates by key, and changes to members that are there. */
import type { Facts, Hooks, Situation } from '../hooks.ts'
import { type Members, overlay, without } from '../protocol/json.ts'
import type { ByKey, Change, ObjectTemplate } from './description.ts'
import { compileObject, type RenderMembers } from './template.ts'

export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): ReadonlyMap<string, U> {
  return new Map(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

/** Templates by token version or face. */
export function byKey(
  templates: ByKey<ObjectTemplate>,
  from?: string,
): (key: string) => RenderMembers | undefined {
  const compiled = mapValues(templates, (template) => compileObject(template, from))
  return (key) => compiled.get(key) ?? compiled.get('')
}

/** Leaves members out, renames and adds some, by face. */
export function changeHook(changes: ByKey<Change>): NonNullable<Hooks['metadata']> {
  const byFace = mapValues(changes, ({ omit = [], rename = {}, add = {} }) => {
    const render = compileObject(add)
    return (draft: Members, facts: Facts): Members => {
      const kept = without(draft, ...omit)
      const renamed = kept.map((member) => ({ ...member, name: rename[member.name] ?? member.name }))
      return overlay(renamed, render(facts))
    }
  })
  return (draft: Members, { face, facts }: Situation) =>
    (byFace.get(face) ?? byFace.get(''))?.(draft, facts) ?? draft
}
