import { command, UsageError } from './command.ts'

export const doctor = command({
  name: 'doctor',
  summary:
    'Asks a provider as a strict client would, and says what that would find wrong and what to change.',
  argument: 'ISSUER_URL',
  options: {
    ca: { type: 'string', value: 'FILE', help: 'a CA to trust, in PEM, beside those that Node.js trusts' },
    timeout: { type: 'string', value: 'D', help: 'how long each answer may take; default 5s' },
    json: { type: 'boolean', help: 'the same as one JSON document' },
  },
  async run({ values, positionals: [url] }, terminal) {
    if (url === undefined) throw new UsageError('doctor needs the issuer, such as http://localhost:8080')
    const { diagnosis } = await import('./diagnosis/diagnose.ts')
    return diagnosis(url, values, terminal)
  },
})
