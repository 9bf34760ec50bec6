import { VERSION } from '../../version.ts'
import type { Command, Option } from '../command.ts'

/** What every command takes. */
export const HELP = { help: { type: 'boolean', short: 'h', help: 'this text' } } as const

/** `usage: idp-double token --client ID [--scope S]` */
export function usage({ name, argument, options }: Command): string {
  const flags = Object.entries(options).map(([flag, option]) => {
    const shown = `${spelled(flag, option)}${option.value === undefined ? '' : ` ${option.value}`}`
    if (option.required === true) return shown
    return `[${shown}]${option.multiple === true ? '...' : ''}`
  })
  return wrapped([`usage: idp-double ${name}`, ...flags, ...(argument === undefined ? [] : [argument])])
}

function spelled(flag: string, { short }: Option): string {
  return short === undefined ? `--${flag}` : `-${short}`
}

const WIDTH = 100

function wrapped([head = '', ...words]: readonly string[]): string {
  const lines = [head]
  for (const word of words) {
    const line = lines.at(-1) as string
    if (line.length + word.length < WIDTH) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(`         ${word}`)
  }
  return lines.join('\n')
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const rows = Object.entries({ ...command.options, ...HELP }).map(([flag, option]: [string, Option]) => {
    const short = option.short === undefined ? '    ' : `-${option.short}, `
    return [`${short}--${flag}${option.value === undefined ? '' : ` ${option.value}`}`, option.help] as const
  })
  return `${usage(command)}\n\n${command.summary}\n\n${table(rows)}\n`
}

/** The help of all. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, argument, summary }) => {
    return [argument === undefined ? name : `${name} ${argument}`, summary] as const
  })
  return [
    `IdP Double ${VERSION}: a test double for an identity provider. TEST ONLY.`,
    '',
    'usage: idp-double [COMMAND] [OPTIONS]',
    '',
    table([...rows, ['help [COMMAND]', 'Tells more about one of them.']]),
    '',
    'Without a command it serves. Configuration comes from, highest first: options, IDP_DOUBLE_PORT, _HOST and',
    '_ISSUER, IDP_DOUBLE_CONFIG (YAML), IDP_DOUBLE_CONFIG_FILE, -c FILE, ./idp-double.yaml, else a built-in demo.',
    'Exit codes: 0 done, 1 failure, 2 usage or configuration, 3 could not listen.',
    '',
  ].join('\n')
}

/** Two columns. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n')
}
