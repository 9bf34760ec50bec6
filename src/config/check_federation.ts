import type { CheckContext, DraftClient, PathIn } from './check_rules.ts'

/** As many as an application of Entra ID may have. @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const MOST = 20

/** Who else vouches for a client: not too many, each once, and each with its keys in one place. */
export function checkFederation(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const credentials = client.federated_credentials ?? []
  const path: PathIn = (...keys) => pathIn('federated_credentials', ...keys)
  if (credentials.length > MOST)
    cx.findings.push({ path: path(), message: `${credentials.length} are too many, ${MOST} are allowed` })
  const seen = new Map<string, number>()
  for (const [index, credential] of credentials.entries()) {
    if (credential === undefined) continue
    const { issuer, subject, audience } = credential
    const key = JSON.stringify([issuer, subject, audience])
    const before = seen.get(key)
    if (before === undefined) seen.set(key, index)
    else if (issuer !== undefined && subject !== undefined && audience !== undefined)
      cx.findings.push({
        path: path(index),
        message: `issuer, subject and audience are those of federated_credentials[${before}]`,
      })
    if (credential.jwks !== undefined && credential.jwks_uri !== undefined)
      cx.findings.push({
        path: path(index, 'jwks_uri'),
        at: 'key',
        message: 'give jwks or jwks_uri, not both',
      })
  }
}
