import {
  type CheckContext,
  checkAlg,
  checkFile,
  type DraftKey,
  duplicates,
  type TenantView,
} from './check_rules.ts'
import type { PathKey } from './problem.ts'

/** Resources of one tenant: told apart by identifier, signed by keys that exist, in a version that exists. */
export function checkResources(at: TenantView, cx: CheckContext): void {
  const { tenant, path } = at
  const resources = tenant.resources ?? []
  duplicates(
    resources.map((resource) => resource?.identifier),
    [...path, 'resources', 'identifier'],
    cx,
  )
  duplicates(
    resources.map((resource) => resource?.id),
    [...path, 'resources', 'id'],
    cx,
  )
  for (const [index, resource] of resources.entries()) {
    const token = resource?.access_token
    const place = [...path, 'resources', index, 'access_token']
    checkAlg(token?.signing_alg, () => [...place, 'signing_alg'], at, cx)
    if (token?.version !== undefined && at.dialect !== undefined) {
      checkVersion(token.version, { dialect: at.dialect, path: [...place, 'version'] }, cx)
    }
  }
}

function checkVersion(
  version: number,
  { dialect, path }: { dialect: string; path: readonly PathKey[] },
  cx: CheckContext,
): void {
  const known = Object.hasOwn(cx.names.versions, dialect) ? cx.names.versions[dialect] : undefined
  if (known?.includes(version)) return
  const message = known
    ? `dialect ${dialect} has no access token version ${version}; it has ${known.join(', ')}`
    : `access tokens of dialect ${dialect} have no versions: remove the key`
  cx.findings.push({ path, message })
}

/** Keys: one source each, told apart by kid, in files that can be read. */
export function checkKeys(
  keys: readonly (DraftKey | undefined)[],
  path: readonly PathKey[],
  cx: CheckContext,
): void {
  duplicates(keys.map(kidOf), [...path, 'kid'], cx)
  for (const [index, key] of keys.entries()) {
    if (key === undefined) continue
    if (key.file !== undefined && key.jwk !== undefined) {
      cx.findings.push({ path: [...path, index, 'jwk'], at: 'key', message: 'give file or jwk, not both' })
    }
    if (key.alg === undefined && key.file === undefined && key.jwk === undefined) {
      cx.findings.push({ path: [...path, index], message: 'a key needs alg (to generate one), file or jwk' })
    }
    checkFile(key.file, () => [...path, index, 'file'], cx)
  }
}

function kidOf(key: DraftKey | undefined): string | undefined {
  const inside = key?.jwk?.['kid']
  return key?.kid ?? (typeof inside === 'string' ? inside : undefined)
}
