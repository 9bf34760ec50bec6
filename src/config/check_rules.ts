import type { Names } from './names.ts'
import type { Finding, PathKey } from './problem.ts'
import type { Config, Draft } from './schema.ts'

type Tenant = NonNullable<Config['tenants']>[string]

export type DraftTenant = Draft<Tenant>
export type DraftClient = Draft<Tenant['clients'][number]>
export type DraftUser = Draft<Tenant['users'][number]>
export type DraftKey = Draft<Tenant['keys'][number]>

/** What the checks share: the names, a way to try files, and the findings they add to. */
export interface CheckContext {
  readonly names: Names
  /** Reads a file once; the message says why it cannot. */
  readonly tryFile: (file: string) => { readonly content: string } | { readonly problem: string }
  readonly findings: Finding[]
  /** Whether clients can show certificates, and whether those of some CA are trusted; undefined where that is not known. */
  readonly clientTls: 'not served' | 'not asked' | 'no CA' | 'CA' | undefined
  /** Whether https is served also where the configuration does not say so. */
  readonly addsTls: boolean
  /** The port of http, where it is not that of the configuration. */
  readonly port: number | undefined
}

/** A tenant under check: where it stands, and what it shares with the top level. */
export interface TenantView {
  readonly path: readonly PathKey[]
  readonly tenant: DraftTenant
  readonly dialect: string | undefined
  /** Algorithms of the active keys; `undefined` when one of them is not known before its file is read. */
  readonly algs: ReadonlySet<string> | undefined
  /** Names of the scopes of its own, or else of the top level; `undefined` when they are not known. */
  readonly scopes: ReadonlySet<string> | undefined
}

/** The path of something in a client or user; most have no problem, and then no path is made. */
export type PathIn = (...keys: readonly PathKey[]) => readonly PathKey[]

export const SECRETS = ['client_secret', 'client_secret_file', 'secrets'] as const
export const PUBLIC_KEYS = ['jwks', 'jwks_uri', 'certificate', 'certificate_file'] as const

/** Whether a map has none of these keys. A key that is there but wrong is `undefined` in a draft, yet present. */
export function lacks(map: object, keys: readonly string[]): boolean {
  return !keys.some((key) => key in map)
}

/** Reports each value that came before in the list. */
export function duplicates(
  values: readonly (string | undefined)[],
  path: readonly PathKey[],
  cx: CheckContext,
): void {
  const present = values.filter((value) => value !== undefined)
  if (new Set(present).size === present.length) return
  const [member, list] = [path.at(-1) ?? '', path.slice(0, -1)]
  const seen = new Map<string, number>()
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue
    const before = seen.get(value)
    if (before === undefined) seen.set(value, index)
    else {
      const message = `${member} ${value} is already that of ${list.at(-1)}[${before}]`
      cx.findings.push({ path: [...list, index, member], message })
    }
  }
}

/** Reports an algorithm for which no active key is configured. */
export function checkAlg(
  alg: string | undefined,
  path: () => readonly PathKey[],
  at: TenantView,
  cx: CheckContext,
): void {
  if (alg === undefined || at.algs === undefined || at.algs.has(alg)) return
  const message = `no active key signs with ${alg}: add { alg: ${alg} } to keys`
  cx.findings.push({ path: path(), message, name: alg, among: at.algs, list: 'active keys' })
}

/** Reports a file that cannot be read or is empty. */
export function checkFile(file: string | undefined, path: () => readonly PathKey[], cx: CheckContext): void {
  if (file === undefined) return
  const found = cx.tryFile(file)
  if ('problem' in found) cx.findings.push({ path: path(), message: found.problem })
  else if (found.content.trim() === '') cx.findings.push({ path: path(), message: `${file} is empty` })
}
