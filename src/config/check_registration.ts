import { type CheckContext, checkFile, type TenantView } from './check_rules.ts'

/** The initial access token: from one place, and readable. */
export function checkRegistration({ tenant, path }: TenantView, cx: CheckContext): void {
  const { initial_access_token, initial_access_token_file } = tenant.registration ?? {}
  const place = [...path, 'registration', 'initial_access_token_file']
  if (initial_access_token !== undefined && initial_access_token_file !== undefined) {
    const message = 'give initial_access_token or initial_access_token_file, not both'
    cx.findings.push({ path: place, at: 'key', message })
  }
  checkFile(initial_access_token_file, () => place, cx)
}
