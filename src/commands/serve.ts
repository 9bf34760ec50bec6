import { command } from './command.ts'
import { CONFIG } from './shell/options.ts'

export const serve = command({
  name: 'serve',
  summary: 'Starts the provider. This is what idp-double does without a command.',
  options: {
    ...CONFIG,
    port: { type: 'string', value: 'N', help: 'port to listen on; 0 takes any free one' },
    host: { type: 'string', value: 'H', help: 'address to listen on; 0.0.0.0 listens on all' },
    tls: { type: 'boolean', help: 'https too, at port 8443 unless server.tls says otherwise' },
    issuer: { type: 'string', value: 'URL', help: 'the iss of all tokens, byte for byte' },
    log: { type: 'string', value: 'text|json', help: 'how requests are logged; default text' },
    watch: {
      type: 'boolean',
      help: 'follows the configuration file; a bad one is told, and the last good one stays',
    },
    quiet: { type: 'boolean', help: 'no banner and no line per request; warnings and faults stay' },
    'print-config': { type: 'boolean', help: 'prints the resolved configuration and ends' },
  },
  async run(args, terminal) {
    const stopping = stopRequests(terminal)
    const { start } = await import('./serving/start.ts')
    return start(args.values, terminal, stopping)
  },
})

/** Listened to before anything else is loaded: as process 1 nobody else would hear a signal. */
function stopRequests({ onSignal }: Parameters<typeof serve.run>[1]) {
  const waiting: (() => void)[] = []
  const nextSignal = () => new Promise<void>((resolve) => waiting.push(resolve))
  onSignal(() => waiting.shift()?.())
  return { first: nextSignal(), second: nextSignal() }
}
