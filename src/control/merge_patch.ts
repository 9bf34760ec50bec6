import { isMap } from '../config/strict.ts'

/** A value with a patch laid over: members that are null go. @see https://www.rfc-editor.org/rfc/rfc7396.html#section-2 */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  // Not by assignment: a member may be called __proto__.
  const members = new Map(Object.entries(isMap(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name)
    else members.set(name, mergePatched(members.get(name), value))
  }
  return Object.fromEntries(members)
}
