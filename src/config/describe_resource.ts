import type { ResourceConfig } from './config.ts'
import type { ResourceInput } from './input.ts'
import type { Names } from './names.ts'
import { resource } from './resource.ts'
import { withoutDefaults } from './without_defaults.ts'

/** Describes resources as a configuration would: validated again, what comes out is the same resource. */
export function resourceDescriber(names: Names): (resource: ResourceConfig) => ResourceInput {
  const shorten = withoutDefaults(resource(names))
  return (config) => shorten(config) as ResourceInput
}
