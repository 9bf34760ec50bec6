import type { UserConfig } from './config.ts'
import type { UserInput } from './input.ts'
import { MASK, type Secrets } from './mask.ts'
import { user } from './user.ts'
import { withoutDefaults } from './without_defaults.ts'

/** The user with every key that a configuration has for it. */
export function spelledUser({ username, standard, ...rest }: UserConfig): object {
  return { username, ...rest, ...standard }
}

/** Describes users as a configuration would: validated again, what comes out is the same user. */
export function userDescriber(secrets: Secrets): (user: UserConfig) => UserInput {
  const shorten = withoutDefaults(user())
  return (config) => {
    const shown = shorten(spelledUser(config)) as UserInput
    return shown.password === undefined || secrets === 'shown' ? shown : { ...shown, password: MASK }
  }
}
