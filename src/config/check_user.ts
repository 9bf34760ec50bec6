import { TOKEN_CLAIMS } from '../protocol/token_claims.ts'
import { type CheckContext, type DraftUser, duplicates, type PathIn, type TenantView } from './check_rules.ts'
import { standardClaims } from './user.ts'

const STANDARD: readonly string[] = Object.keys(standardClaims())

/** Users of one tenant: told apart by username and sub, with claims that exist and are theirs to have. */
export function checkUsers({ tenant, path }: TenantView, cx: CheckContext): void {
  const users = tenant.users ?? []
  const usernames = users.map((user) => user?.username)
  const subs = users.map((user) => user?.sub ?? undefined)
  duplicates(usernames, [...path, 'users', 'username'], cx)
  duplicates(subs, [...path, 'users', 'sub'], cx)
  for (const [index, user] of users.entries()) {
    if (user === undefined) continue
    const pathIn: PathIn = (...keys) => [...path, 'users', index, ...keys]
    checkClaims(user, pathIn, cx)
    checkClaimsIn(user, pathIn, cx)
  }
}

function checkClaims(user: DraftUser, pathIn: PathIn, cx: CheckContext): void {
  for (const name of Object.keys(user.claims ?? {})) {
    const message = problemOf(name, user)
    if (message !== undefined) cx.findings.push({ path: pathIn('claims', name), at: 'key', message })
  }
}

function problemOf(name: string, user: DraftUser): string | undefined {
  if (Object.hasOwn(TOKEN_CLAIMS, name)) return `${name} is not a claim of the user: ${TOKEN_CLAIMS[name]}`
  if (STANDARD.includes(name)) return `${name} is a key of the user: write it beside claims, not in them`
  const isSet = (name === 'roles' || name === 'groups') && !isEmpty(user[name])
  return isSet ? `${name} is set twice, here and beside claims: keep one of them` : undefined
}

/** A name that no claim of the user has would narrow nothing. */
function checkClaimsIn(user: DraftUser, pathIn: PathIn, cx: CheckContext): void {
  if (user.claims === undefined) return
  const own = claimsOf(user)
  for (const [place, names] of Object.entries(user.claims_in ?? {})) {
    for (const [index, name] of (names ?? []).entries()) {
      if (name === undefined || own.includes(name)) continue
      const message = `the user has no claim ${name}`
      cx.findings.push({
        path: pathIn('claims_in', place, index),
        message,
        name,
        among: own,
        list: 'claims of the user',
      })
    }
  }
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0
}

function claimsOf(user: DraftUser): readonly string[] {
  const standard = STANDARD.filter((name) => name in user)
  const lists = (['roles', 'groups'] as const).filter((name) => !isEmpty(user[name]))
  const implied = ['preferred_username', ...('email' in user ? ['email_verified'] : [])]
  return [...new Set([...Object.keys(user.claims ?? {}), ...standard, ...lists, ...implied])]
}
