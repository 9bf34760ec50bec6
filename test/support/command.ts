/** A command in this process, for those that need no process of their own. */
import { run } from '../../src/commands/shell/run.ts'

/** Runs a command in a folder; gives back its exit code and what it printed. */
export async function commandIn(cwd: string, ...argv: string[]) {
  const printed = { stdout: '', stderr: '' }
  const output = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text
    },
  })
  const streams = { stdout: output('stdout'), stderr: output('stderr') }
  const code = await run({ argv, env: {}, cwd, ...streams, onSignal: () => undefined })
  return { code, ...printed }
}
