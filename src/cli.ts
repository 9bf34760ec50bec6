/** The command `idp-double`, and the only file that knows the process it runs in. */
import { availableParallelism } from 'node:os'
import type { Output, Terminal } from './commands/command.ts'

// Signing runs on the thread pool, whose size is fixed by its first use; hence before anything else is loaded.
process.env['UV_THREADPOOL_SIZE'] ??= String(availableParallelism())

/** What a closed reader leads to: `idp-double schema | head` has seen enough. */
const READER_GONE = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'])

function terminal(): Terminal {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    onSignal(listener) {
      process.on('SIGTERM', listener)
      process.on('SIGINT', listener)
    },
  }
}

function output(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!READER_GONE.has(error.code ?? '')) fault(error)
  })
  return { write: (text) => void stream.write(text) }
}

/** Something that should not happen: one line, and the stack only for those who ask for it. */
function fault(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? error.stack : undefined
  const told = process.env['IDP_DOUBLE_DEBUG']
    ? (stack ?? text)
    : `${text.split('\n')[0]}\nrun with IDP_DOUBLE_DEBUG=1 for the stack`
  process.stderr.write(`idp-double: unexpected fault: ${told}\n`)
  exit(1)
}

/** Ends the process when all that was written is out; open connections of ours keep nobody waiting. */
function exit(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

process.on('uncaughtException', fault)
import('./commands/shell/run.ts').then(({ run }) => run(terminal())).then(exit, fault)
