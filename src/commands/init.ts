import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command, EXIT, UsageError } from './command.ts'
import { didYouMean } from './shell/nearest.ts'

const FILE = 'idp-double.yaml'

export const init = command({
  name: 'init',
  summary: `Writes ${FILE}, a commented configuration to begin with.`,
  options: {
    dialect: { type: 'string', value: 'NAME', help: 'whose manners the provider has; default standard' },
  },
  async run({ values: { dialect = 'standard' } }, { cwd, stdout, stderr }) {
    const [{ starter }, { dialects }, { random }] = await Promise.all([
      import('./starter/starter.ts'),
      import('../names.ts'),
      import('../random.ts'),
    ])
    const known = [...dialects.keys()]
    if (!known.includes(dialect)) {
      const nearest = await didYouMean(dialect, known)
      throw new UsageError(`there is no dialect ${dialect}${nearest} (there are: ${known.join(', ')})`)
    }
    try {
      await writeFile(join(cwd, FILE), starter(dialect, random), { flag: 'wx' })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const why = code === 'EEXIST' ? 'is there already and stays as it is' : `cannot be written (${code})`
      stderr.write(`idp-double: ${join(cwd, FILE)} ${why}\n`)
      return code === 'EEXIST' ? EXIT.usage : EXIT.failure
    }
    stdout.write(`${FILE} is written; its secrets are random and new.\nNext: idp-double serve\n`)
    return EXIT.done
  },
})
