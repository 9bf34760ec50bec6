import { userDescriber } from '../config/describe_user.ts'
import { user } from '../config/user.ts'
import type { Noun } from './call.ts'
import { declaredNoun } from './declared.ts'

/** Who can sign in. */
export const users: Noun = declaredNoun({
  kind: 'users',
  summary: 'Users',
  schema: user,
  describer: userDescriber,
})
