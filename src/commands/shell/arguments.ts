import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Arguments, type Command, UsageError } from '../command.ts'
import { HELP } from './help.ts'
import { didYouMean } from './nearest.ts'

/** Reads a command's arguments; `help` is among the values. @throws UsageError that teaches */
export async function parseArguments(
  command: Command,
  args: readonly string[],
): Promise<Arguments & { readonly help: boolean }> {
  const { values, positionals } = await parsed(command, args)
  if (values['help'] === true) return { values: {}, positionals: [], help: true }
  const surplus = positionals[command.argument === undefined ? 0 : 1]
  if (surplus !== undefined) throw new UsageError(`${command.name} does not take the argument ${surplus}`)
  for (const [name, { required }] of Object.entries(command.options)) {
    if (required === true && values[name] === undefined)
      throw new UsageError(`${command.name} needs --${name}`)
  }
  return { values: values as Arguments['values'], positionals, help: false }
}

async function parsed(command: Command, args: readonly string[]) {
  const options: ParseArgsConfig['options'] = { ...command.options, ...HELP }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('ERR_PARSE_ARGS_')) throw error
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^']*)'/.exec(message)?.[1] : undefined
    throw new UsageError(
      unknown === undefined
        ? message.replaceAll('\n', ' ')
        : `${command.name} has no option ${unknown}${await similar(unknown, options)}`,
      { cause: error },
    )
  }
}

async function similar(flag: string, options: NonNullable<ParseArgsConfig['options']>): Promise<string> {
  return flag.startsWith('--')
    ? didYouMean(
        flag,
        Object.keys(options).map((name) => `--${name}`),
      )
    : ''
}
