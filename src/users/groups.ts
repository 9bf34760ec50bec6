import type { UserConfig } from '../context.ts'
import { isGuid, uuidOf } from '../protocol/uuid.ts'

/** The object id of a group: its name where that is one, else one that is the same at every start. */
export function groupId(name: string, seed: string): string {
  return isGuid(name) ? name : uuidOf(seed, 'group', name)
}

/** The object ids of a user's groups, as tokens and Graph show them. @see https://learn.microsoft.com/entra/identity-platform/optional-claims#configure-groups-optional-claims */
export function groupIds({ groups }: Pick<UserConfig, 'groups'>, seed: string): string[] {
  return groups.map((name) => groupId(name, seed))
}
