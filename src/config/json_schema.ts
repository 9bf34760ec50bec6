import type { Names } from './names.ts'
import { configSchema } from './schema.ts'

/** The JSON Schema of what users write: names, descriptions and defaults are those of the schema itself. */
export async function jsonSchema(names: Names): Promise<object> {
  const { toJsonSchema } = await import('@valibot/to-json-schema')
  const schema = toJsonSchema(configSchema(names), {
    typeMode: 'input',
    target: 'draft-07',
    ignoreActions: ['check'],
  })
  const { $schema, ...rest } = schema
  return {
    $schema: $schema ?? 'http://json-schema.org/draft-07/schema#',
    title: 'IdP Double configuration',
    description: 'Configuration of IdP Double (idp-double), a test double for an OpenID provider.',
    ...rest,
  }
}
