import { command, EXIT } from './command.ts'

export const schema = command({
  name: 'schema',
  summary: 'Prints the JSON Schema of the configuration.',
  options: {},
  async run(_args, { stdout }) {
    const [{ jsonSchema }, { names }] = await Promise.all([
      import('../config/json_schema.ts'),
      import('../names.ts'),
    ])
    stdout.write(`${JSON.stringify(await jsonSchema(names), null, 2)}\n`)
    return EXIT.done
  },
})
