import type * as v from 'valibot'
import type { configSchema } from './schema.ts'

/** A configuration as users write it: the keys of the YAML. */
export type ConfigInput = v.InferInput<ReturnType<typeof configSchema>>

/** A client as users write it. */
export type ClientInput = NonNullable<ConfigInput['clients']>[number]

/** A user as users write it. */
export type UserInput = NonNullable<ConfigInput['users']>[number]

/** A resource as users write it. */
export type ResourceInput = NonNullable<ConfigInput['resources']>[number]
