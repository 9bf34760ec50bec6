import { command } from './command.ts'
import { CONFIG, TARGET, TENANT } from './shell/options.ts'

export const token = command({
  name: 'token',
  summary: 'Prints a signed token, without a flow and without a server: just what the options ask for.',
  options: {
    ...TARGET,
    role: { type: 'string', value: 'R', multiple: true, help: 'a role, in place of those of the client' },
    claim: { type: 'string', value: 'k=v', multiple: true, help: 'a claim; v is JSON, or else text' },
    lifetime: { type: 'string', value: 'D', help: '90s, 5m, 1h, 14d or seconds; --lifetime=-5m is expired' },
    ...TENANT,
    ...CONFIG,
  },
  async run({ values }, terminal) {
    const { signed } = await import('./offline/signed.ts')
    return signed(values, terminal)
  },
})
