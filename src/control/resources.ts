import { resourceDescriber } from '../config/describe_resource.ts'
import { resource } from '../config/resource.ts'
import { names } from '../names.ts'
import type { Noun } from './call.ts'
import { declaredNoun } from './declared.ts'

/** APIs that accept access tokens. */
export const resources: Noun = declaredNoun({
  kind: 'resources',
  summary: 'Resources (APIs)',
  schema: () => resource(names),
  describer: () => resourceDescriber(names),
})
