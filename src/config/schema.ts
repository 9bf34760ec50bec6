import * as v from 'valibot'
import { control } from './control.ts'
import type { Names } from './names.ts'
import { oneOf, textLike } from './scalars.ts'
import { issuer, server } from './server.ts'
import { described, mapOf, strict } from './strict.ts'
import { tenant, tenantKeys } from './tenant.ts'

const TENANT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** The one source of validation, types, defaults and the JSON Schema. */
export function configSchema(names: Names) {
  return strict({
    server: described(v.optional(server(), {}), 'Where the server listens.'),
    issuer: described(v.optional(issuer(), {}), 'What the provider calls itself.'),
    dialect: described(
      v.optional(oneOf(names.dialects), 'standard'),
      'Whose paths, claims and answers the provider has; default standard.',
    ),
    ...tenantKeys(names),
    control: described(v.optional(control(), {}), 'The API below /_mock by which tests drive the provider.'),
    tenants: described(
      v.optional(
        mapOf(
          textLike(TENANT_NAME, 'a tenant name: letters, digits and . _ -, first a letter or digit'),
          tenant(names),
        ),
      ),
      'Several tenants by name, each with its own clients, users, resources and keys; default: one, described at the top level.',
    ),
  })
}

/** A configuration after validation: defaults filled in, durations in seconds. */
export type Config = v.InferOutput<ReturnType<typeof configSchema>>

/** A part of a configuration whose wrong values are left out, so that the rest can still be checked. */
export type Draft<T> = T extends readonly (infer E)[]
  ? readonly (Draft<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T
