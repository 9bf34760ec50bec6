import { command } from './command.ts'
import { CONFIG, TARGET, TENANT } from './shell/options.ts'

export const explain = command({
  name: 'explain',
  summary: 'Shows the tokens that a client would get, claim by claim, and where each comes from.',
  options: {
    ...TARGET,
    grant: { type: 'string', value: 'G', help: 'grant type; default client_credentials' },
    ...TENANT,
    ...CONFIG,
  },
  async run({ values }, terminal) {
    const { explanation } = await import('./offline/explanation.ts')
    return explanation(values, terminal)
  },
})
