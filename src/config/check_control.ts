import { type CheckContext, checkFile } from './check_rules.ts'
import type { Config, Draft } from './schema.ts'

/** The token of the control API stands in one place, and its file can be read. */
export function checkControl({ control }: Draft<Config>, cx: CheckContext): void {
  const { token, token_file } = control ?? {}
  const path = ['control', 'token_file'] as const
  if (typeof token === 'string' && token_file !== undefined)
    cx.findings.push({ path, at: 'key', message: 'give token or token_file, not both' })
  checkFile(token_file, () => path, cx)
}
