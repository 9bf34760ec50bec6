/** The users of several tenants in one list. */
import type { UserConfig } from '../config/resolve.ts'
import type { Account, Registry, Tenant } from '../context.ts'
import { isGuest } from '../users/home.ts'
import { localSubject } from '../users/subject.ts'

interface Entry extends Account {
  readonly user: UserConfig
  readonly subject: string
}

/** Users by a name that only one of them has: their username, and with the tenant behind it where another has that too. */
export function accountsOf(
  homes: Iterable<Tenant>,
): Pick<Required<Registry>, 'users' | 'subjects' | 'accounts'> {
  const entries = new Map<string, Entry>()
  const residents = [...homes].flatMap((tenant) =>
    tenant.config.users.filter((user) => !isGuest(user)).map((user) => ({ user, tenant })),
  )
  const firsts = new Map(residents.toReversed().map((resident) => [resident.user.username, resident]))
  for (const { user, tenant } of residents) {
    const isFirst = firsts.get(user.username)?.user === user
    const name = isFirst ? user.username : free(user.username, domainOf(tenant), [firsts, entries])
    const named = isFirst ? user : { ...user, username: name }
    const subject = localSubject(user, tenant.seed)
    entries.set(name, { username: user.username, home: tenant.name, user: named, subject })
  }
  const all = [...entries]
  return {
    users: new Map(all.map(([name, { user }]) => [name, user])),
    subjects: new Map(all.map(([, { subject, user }]) => [subject, user])),
    accounts: entries,
  }
}

/** The name with the domain behind it, as often as it takes: what somebody is declared as is theirs. */
function free(name: string, domain: string, taken: readonly ReadonlyMap<string, unknown>[]): string {
  const longer = `${name}@${domain}`
  return taken.some((names) => names.has(longer)) ? free(longer, domain, taken) : longer
}

function domainOf({ config, name }: Tenant): string {
  return config.aliases.find((alias) => alias.includes('.')) ?? name
}
