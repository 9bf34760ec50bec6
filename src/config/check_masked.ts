import type { Changing } from './change_schema.ts'
import type { CheckContext, DraftClient } from './check_rules.ts'
import type { ClientConfig } from './config.ts'
import { found } from './found.ts'
import { MASK } from './mask.ts'
import type { PathKey } from './problem.ts'

/** `***` keeps the secret that is there: so there has to be one, and of several none may be left out. */
export function checkMasked({ base, draft }: Changing, cx: CheckContext): void {
  const { clients = [], users = [] } = draft
  const hidden = clients.filter((client) => starsIn(client) > 0)
  const ids = new Set(hidden.map((client) => client?.client_id))
  const known = found(base.clients, ids, ({ client_id }) => client_id)
  for (const [index, client] of clients.entries()) {
    const stars = starsIn(client)
    if (client?.client_id === undefined || stars === 0) continue
    const key = client.client_secret === MASK ? 'client_secret' : 'secrets'
    const message = problemOf(stars, known.get(client.client_id))
    if (message !== undefined) cx.findings.push({ path: ['clients', index, key], message })
  }
  const names = new Set(users.filter((user) => user?.password === MASK).map((user) => user?.username))
  const passwords = found(base.users, names, ({ username }) => username)
  for (const [index, user] of users.entries()) {
    if (user?.username === undefined || user.password !== MASK) continue
    if (passwords.get(user.username)?.password !== undefined) continue
    const path: PathKey[] = ['users', index, 'password']
    cx.findings.push({
      path,
      message: `${MASK} keeps the password that is there, and there is none: write one`,
    })
  }
}

function starsIn(client: DraftClient | undefined): number {
  const { client_secret, secrets = [] } = client ?? {}
  return [client_secret, ...secrets].filter((secret) => secret === MASK).length
}

function problemOf(stars: number, known: ClientConfig | undefined): string | undefined {
  const there = known?.secrets.length ?? 0
  if (there === stars) return undefined
  if (there === 0) return `${MASK} keeps the secret that is there, and there is none: write one`
  return `${stars} of ${there} secrets would be kept, and ${MASK} does not say which: write the secrets out`
}
