import type { Changing } from './change_schema.ts'
import { checkDangling } from './check_dangling.ts'
import type { CheckContext } from './check_rules.ts'
import type { ClientConfig, ResourceConfig, UserConfig } from './config.ts'
import { few, found } from './found.ts'
import { wantedAlgs } from './wanted_algs.ts'

type Algs = ReadonlySet<string> | undefined

/** A change beside what stays: no name is taken twice, and nothing goes that is needed. */
export function checkAgainst(changing: Changing, algs: Algs, cx: CheckContext): void {
  checkSubs(changing, cx)
  checkResourceIds(changing, cx)
  checkLostIds(changing, cx)
  checkDangling(changing, cx)
  if (changing.draft.keys !== undefined && algs !== undefined) checkLostAlgs(changing, algs, cx)
}

function checkSubs({ base, draft: { users = [] } }: Changing, cx: CheckContext): void {
  const subs = new Set(users.flatMap((user) => user?.sub ?? []))
  if (subs.size === 0) return
  const changed = new Set(users.map((user) => user?.username))
  const others = base.users.filter(({ sub, username }) => sub !== undefined && !changed.has(username))
  const owners = found(others, subs, ({ sub }: UserConfig) => sub as string)
  for (const [index, user] of users.entries()) {
    const owner = owners.get(user?.sub ?? '')
    if (owner === undefined) continue
    const message = `sub ${user?.sub} is already that of user ${owner.username}`
    cx.findings.push({ path: ['users', index, 'sub'], message })
  }
}

function checkResourceIds({ base, draft: { resources = [] } }: Changing, cx: CheckContext): void {
  const changed = new Set(resources.map((resource) => resource?.identifier))
  const owners = new Map(
    base.resources.flatMap(({ id, identifier }) =>
      id === undefined || changed.has(identifier) ? [] : [[id, identifier]],
    ),
  )
  for (const [index, resource] of resources.entries()) {
    const owner = owners.get(resource?.id ?? '')
    if (owner === undefined) continue
    const message = `id ${resource?.id} is already that of resource ${owner}`
    cx.findings.push({ path: ['resources', index, 'id'], message })
  }
}

/** Who is replaced may lose the id by which clients call it. */
function checkLostIds({ base, draft: { resources = [], clients = [] } }: Changing, cx: CheckContext): void {
  const known = found(base.resources, new Set(resources.map((each) => each?.identifier)), nameOfResource)
  const changed = new Set(clients.map((client) => client?.client_id))
  for (const [index, resource] of resources.entries()) {
    const before = known.get(resource?.identifier ?? '')
    if (resource === undefined || before?.id === undefined || before.id === resource.id) continue
    const others = base.clients.filter(({ client_id }) => !changed.has(client_id))
    const problem = audienceProblem([before.id], others)
    if (problem !== undefined) cx.findings.push({ path: ['resources', index, 'id'], message: problem })
  }
}

function nameOfResource({ identifier }: ResourceConfig): string {
  return identifier
}

/** Who would point at nothing if a resource had none of these names any more. */
export function audienceProblem(
  names: readonly string[],
  clients: readonly ClientConfig[],
): string | undefined {
  const users = clients.filter(({ audience }) => names.some((name) => audience.includes(name)))
  if (users.length === 0) return undefined
  const who = few(users.map(({ client_id }) => client_id))
  return `${names[0]} is the audience of ${users.length === 1 ? 'client' : 'clients'} ${who}: change ${users.length === 1 ? 'it' : 'them'} first`
}

/** Keys that go take an algorithm with them, which somebody may have asked for. */
function checkLostAlgs({ base, draft }: Changing, algs: ReadonlySet<string>, cx: CheckContext): void {
  const changedClients = new Set(draft.clients?.map((client) => client?.client_id))
  const changedResources = new Set(draft.resources?.map((resource) => resource?.identifier))
  const wanted = wantedAlgs({
    clients: base.clients.filter(({ client_id }) => !changedClients.has(client_id)),
    resources: base.resources.filter(({ identifier }) => !changedResources.has(identifier)),
  })
  const users = new Map<string, string[]>()
  for (const { alg, who } of wanted) if (!algs.has(alg)) users.set(alg, [...(users.get(alg) ?? []), who])
  for (const [alg, who] of users) {
    const message = `no active key would sign with ${alg}, which ${few([...new Set(who)])} wants: keep a key for it, or change that first`
    cx.findings.push({ path: ['keys'], message })
  }
}
