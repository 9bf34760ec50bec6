import type * as v from 'valibot'
import type { configSchema } from './schema.ts'

/** A configuration as users write it: the keys of the YAML. */
export type ConfigInput = v.InferInput<ReturnType<typeof configSchema>>
