import { command, EXIT } from './command.ts'

export const validate = command({
  name: 'validate',
  summary: 'Lists everything that is wrong with a configuration; by default the one that serve would take.',
  argument: '[FILE]',
  options: {},
  async run({ positionals: [file] }, terminal) {
    const { check } = await import('./offline/check.ts')
    const { isValid, text } = await check(file, terminal)
    const { stdout, stderr } = terminal
    ;(isValid ? stdout : stderr).write(`${text}\n`)
    return isValid ? EXIT.done : EXIT.usage
  },
})
