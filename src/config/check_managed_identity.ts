import { type CheckContext, checkFile, duplicates, type TenantView } from './check_rules.ts'

const IDS = ['client_id', 'object_id', 'resource_id'] as const

/** Identities that can be told apart; and secrets from one place, and readable. */
export function checkManagedIdentity({ tenant, path }: TenantView, cx: CheckContext): void {
  const { managed_identity } = tenant
  if (managed_identity === undefined) return
  const { header, header_file, arc_key_file, identities = [] } = managed_identity
  const place = [...path, 'managed_identity']
  const own = [...place, 'identities']
  duplicates(
    identities.map((identity) => identity?.name),
    [...own, 'name'],
    cx,
  )
  // In any letter case: Azure finds them so.
  for (const id of IDS)
    duplicates(
      identities.map((identity) => identity?.[id]?.toLowerCase()),
      [...own, id],
      cx,
    )
  if (header !== undefined && header_file !== undefined)
    cx.findings.push({
      path: [...place, 'header_file'],
      at: 'key',
      message: 'give header or header_file, not both',
    })
  checkFile(header_file, () => [...place, 'header_file'], cx)
  checkFile(arc_key_file, () => [...place, 'arc_key_file'], cx)
  if (arc_key_file !== undefined && !/^[\w.-]+\.key$/.test(arc_key_file.split(/[\\/]/).at(-1) ?? ''))
    cx.findings.push({
      path: [...place, 'arc_key_file'],
      message: `${arc_key_file} is not the name of a key file: clients take only names that end with .key`,
    })
}
