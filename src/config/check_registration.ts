import { type CheckContext, checkFile, type TenantView } from './check_rules.ts'

/** An endpoint to register at; and the initial access token from one place, and readable. */
export function checkRegistration({ tenant, path, dialect }: TenantView, cx: CheckContext): void {
  const { enabled, initial_access_token, initial_access_token_file } = tenant.registration ?? {}
  if (enabled === true && dialect !== undefined && !cx.names.registering.includes(dialect)) {
    const message = `dialect ${dialect} has no registration endpoint; those that have one: ${cx.names.registering.join(', ')}`
    cx.findings.push({ path: [...path, 'registration', 'enabled'], message })
  }
  const place = [...path, 'registration', 'initial_access_token_file']
  if (initial_access_token !== undefined && initial_access_token_file !== undefined) {
    const message = 'give initial_access_token or initial_access_token_file, not both'
    cx.findings.push({ path: place, at: 'key', message })
  }
  checkFile(initial_access_token_file, () => place, cx)
}
