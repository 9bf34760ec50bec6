import { command } from './command.ts'
import { CONFIG } from './shell/options.ts'

export const ca = command({
  name: 'ca',
  summary: "Prints the certificate of the provider's own CA, to be trusted by those who call it over https.",
  options: {
    out: { type: 'string', value: 'FILE', help: 'writes a file instead' },
    issue: {
      type: 'string',
      value: 'CLIENT_ID',
      help: 'a certificate of this CA for a declared client, and its private key; needs server.state_dir',
    },
    server: {
      type: 'string',
      value: 'NAME,…',
      help: 'a certificate of this CA for another server with these names, and its private key; needs server.state_dir',
    },
    ...CONFIG,
  },
  async run({ values }, terminal) {
    const { certificates } = await import('./offline/certificates.ts')
    return certificates(values, terminal)
  },
})
