/** What was found wrong with clients, told when the provider stops. */
import type { Finding } from '../../findings/finding.ts'
import { summary } from '../../findings/report.ts'
import type { World } from '../../world/world.ts'

/** More than these nobody reads at the end of a run; those of the configuration come first. */
const MOST_TENANTS = 20

/** For people: of each tenant by its name, where there are several; undefined where nothing was found. */
export function summaryText(world: World): string | undefined {
  const found = foundIn(world)
  const parts = found
    .slice(0, MOST_TENANTS)
    .map(({ tenant, findings }) =>
      world.residents.length + world.sandboxes.residents.length > 1
        ? `tenant ${tenant}\n${summary(findings)}`
        : summary(findings),
    )
  if (found.length > MOST_TENANTS) parts.push(`and ${found.length - MOST_TENANTS} more tenants with findings`)
  return parts.length === 0 ? undefined : `\n${parts.join('\n\n')}\n`
}

/** The same for machines: one event. */
export function summaryEvent(world: World): string | undefined {
  const items = foundIn(world).flatMap(({ tenant, findings }) =>
    findings.map(({ id, severity, client_id, text, count }) => ({
      tenant,
      id,
      severity,
      client_id,
      text,
      count,
    })),
  )
  return items.length === 0 ? undefined : `${JSON.stringify({ event: 'findings', items })}\n`
}

interface Found {
  readonly tenant: string
  readonly findings: readonly Finding[]
}

function foundIn({ residents, sandboxes }: World): Found[] {
  return [...residents, ...sandboxes.residents]
    .map(({ name: tenant, judge }) => ({ tenant, findings: judge.findings }))
    .filter(({ findings }) => findings.length > 0)
}
