import { urlOf } from '../protocol/url.ts'
import { type CheckContext, checkFile } from './check_rules.ts'
import type { PathKey } from './problem.ts'
import type { Config, Draft } from './schema.ts'

const OWN = '_mock'

/** The token of the control API stands in one place, its file can be read, and nothing lies below its own path. */
export function checkControl(config: Draft<Config>, cx: CheckContext): void {
  const { token, token_file, enabled } = config.control ?? {}
  const path = ['control', 'token_file'] as const
  if (typeof token === 'string' && token_file !== undefined)
    cx.findings.push({ path, at: 'key', message: 'give token or token_file, not both' })
  checkFile(token_file, () => path, cx)
  if (enabled !== false) checkOwnPath(config, cx)
}

function checkOwnPath({ issuer, server, tenants }: Draft<Config>, cx: CheckContext): void {
  const hidden = (path: readonly PathKey[], got: string) =>
    cx.findings.push({
      path,
      message: `${got} would be hidden by the control API at /${OWN}: choose another, or set control.enabled: false`,
    })
  const url = issuer?.url ?? ''
  const base = `${server?.base_path ?? ''}/${OWN}/`
  if (`${urlOf(url)?.pathname}/`.startsWith(base)) hidden(['issuer', 'url'], url)
  for (const [name, tenant] of Object.entries(tenants ?? {})) {
    if (tenant?.id === OWN) hidden(['tenants', name, 'id'], `tenant id ${OWN}`)
    const alias = tenant?.aliases?.indexOf(OWN) ?? -1
    if (alias >= 0) hidden(['tenants', name, 'aliases', alias], `alias ${OWN}`)
  }
}
