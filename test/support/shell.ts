import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a command of a document in a shell, as its reader does; gives back what it printed. */
export async function shell(script: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env: { ...process.env, ...env } })
  return stdout
}
