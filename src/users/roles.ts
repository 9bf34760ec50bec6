import type { ClientConfig, Context, UserConfig } from '../context.ts'

/**
 * The roles of a user at a client itself, as its ID tokens have them: where roles are told apart by who declares them,
 * those that other resources declare are none of its own.
 * @see https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
 */
export function rolesAt(
  { client_id }: ClientConfig,
  { roles }: Pick<UserConfig, 'roles'>,
  { tenant: { dialect, registry } }: Context,
): readonly string[] {
  if (dialect.idTokenRoles === 'all') return roles
  const isSelf = (owner: string) =>
    dialect.resources?.applicationOf(owner) === client_id || registry.resources.get(owner)?.id === client_id
  return roles.filter((role) => registry.roleOwners.get(role)?.some(isSelf) ?? true)
}
