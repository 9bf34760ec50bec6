/** From the arguments to the command, and from its errors to an exit code. */
import { ConfigError } from '../../config/problem.ts'
import { KeyError } from '../../keys/key_error.ts'
import { VERSION } from '../../version.ts'
import { type Command, EXIT, type Terminal, UsageError } from '../command.ts'
import * as registry from '../index.ts'
import { parseArguments } from './arguments.ts'
import { commandHelp, overview, usage } from './help.ts'
import { didYouMean } from './nearest.ts'

const COMMANDS: readonly Command[] = Object.values(registry)
const DEFAULT: Command = registry.serve

/** Runs the command that the arguments name and gives its exit code. Only faults of ours are thrown. */
export async function run(terminal: Terminal): Promise<number> {
  const [first = '', ...rest] = terminal.argv
  if (first === '--version' || first === '-V') return printed(`${VERSION}\n`, terminal)
  if (first === '--help' || first === '-h') return printed(overview(COMMANDS), terminal)
  const isNamed = first !== '' && !first.startsWith('-')
  if (first === 'help' && rest[0] === undefined) return printed(overview(COMMANDS), terminal)
  const name = first === 'help' ? (rest[0] as string) : isNamed ? first : DEFAULT.name
  const command = COMMANDS.find((each) => each.name === name)
  if (command === undefined)
    return refused(await unknown(name), 'idp-double help lists the commands', terminal)
  if (first === 'help') return printed(commandHelp(command), terminal)
  try {
    const args = await parseArguments(command, isNamed ? rest : terminal.argv)
    return args.help ? printed(commandHelp(command), terminal) : await command.run(args, terminal)
  } catch (error) {
    if (error instanceof UsageError)
      return refused(`${error.message}${isNamed ? '' : misplaced(terminal)}`, usage(command), terminal)
    if (!(error instanceof ConfigError || error instanceof KeyError)) throw error
    terminal.stderr.write(`${error.message}\n`)
    return EXIT.usage
  }
}

function printed(text: string, { stdout }: Terminal): number {
  stdout.write(text)
  return EXIT.done
}

function refused(text: string, usageText: string, { stderr }: Terminal): number {
  stderr.write(`idp-double: ${text}\n${usageText}\n`)
  return EXIT.usage
}

/** Options before the command are options of `serve`. */
function misplaced({ argv }: Terminal): string {
  const name = argv.find((arg) => COMMANDS.some((command) => command.name === arg))
  return name === undefined ? '' : `; a command comes first: idp-double ${name}`
}

async function unknown(name: string): Promise<string> {
  const advice = /\.(ya?ml|json)$/i.test(name)
    ? `; a configuration is given with -c ${name}`
    : await didYouMean(name, [...COMMANDS.map((command) => command.name), 'help'])
  return `there is no command ${name}${advice}`
}
