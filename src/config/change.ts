/** Changes to what a tenant declares, made while it is served: by the schema and the checks of a configuration. */
import * as v from 'valibot'
import { shown } from '../protocol/errors.ts'
import { applied } from './apply_change.ts'
import { type Change, changeSchema, type DraftChange, IDENTITIES, type Kind } from './change_schema.ts'
import { checkChange } from './check_change.ts'
import { audienceProblem } from './check_change_against.ts'
import { scopesLostWith } from './check_dangling.ts'
import type { CheckContext } from './check_rules.ts'
import type { ClientConfig, ResourceConfig, TenantConfig, UserConfig } from './config.ts'
import type { Names } from './names.ts'
import type { Finding } from './problem.ts'
import { fail } from './report.ts'
import { withoutWrong } from './validate.ts'

export type { Kind } from './change_schema.ts'
export { changeSchema, IDENTITIES } from './change_schema.ts'

/** What a change is checked by beside what the tenant declares. */
export interface ChangeOptions {
  readonly names: Names
  /** That of these names, where it is made already: to make it takes longer than to check by it. */
  readonly schema?: () => ReturnType<typeof changeSchema>
  /** The algorithms of the tenant's active keys as they are now. */
  readonly algs: readonly string[]
  /** Whether clients can show certificates to the server that runs, and whose are trusted. */
  readonly clientTls: CheckContext['clientTls']
}

/** How a problem is told: where it is begins below so many keys of the change. */
interface Told {
  readonly file: string
  readonly below: number
}

/**
 * Lays a change, as a configuration would write it, over what a tenant declares: lists by the identity of their items,
 * maps by their keys; `keys` takes the place of those that are there. Nothing is read but the change itself.
 * @throws {ConfigError} with every problem at once, and then nothing has changed
 */
export function changeTenant(
  base: TenantConfig,
  change: unknown,
  options: ChangeOptions,
): Promise<TenantConfig> {
  return changed({ base, change }, options, { file: 'change', below: 0 })
}

/**
 * Puts one user, client or resource in the place of that of the same name, or beside the others.
 * @throws {ConfigError} with every problem at once, each with its path in the item
 */
export function put(
  base: TenantConfig,
  { kind, item }: { readonly kind: Kind; readonly item: unknown },
  options: ChangeOptions,
): Promise<TenantConfig> {
  return changed({ base, change: { [kind]: [item] } }, options, { file: IDENTITIES[kind].one, below: 2 })
}

async function changed(
  { base, change }: { readonly base: TenantConfig; readonly change: unknown },
  { names, schema = () => changeSchema(names), algs, clientTls }: ChangeOptions,
  told: Told,
): Promise<TenantConfig> {
  const { output, issues = [] } = v.safeParse(schema(), change)
  const draft: DraftChange = issues.length === 0 ? (output as Change) : withoutWrong<Change>(output, issues)
  const findings: Finding[] = []
  checkChange({ base, draft }, algs, {
    ...{ names, findings, clientTls },
    tryFile: (file) => ({ problem: noFile(file) }),
    addsTls: false,
    port: undefined,
  })
  if (issues.length + findings.length > 0) return await refuse({ issues, findings }, told)
  return applied(base, output as Change, names)
}

function noFile(file: string): string {
  return `a change reads no file, and so not ${file}: write here what is in it, under the key without _file (a key as jwk)`
}

interface Failure {
  readonly issues: readonly v.BaseIssue<unknown>[]
  readonly findings: readonly Finding[]
}

async function refuse({ issues, findings }: Failure, { file, below }: Told): Promise<never> {
  const cut = issues.map(({ path = [] as never, ...issue }) => {
    return { ...issue, path: path.slice(below) } as unknown as v.BaseIssue<unknown>
  })
  const cutFindings = findings.map((finding) => ({ ...finding, path: finding.path.slice(below) }))
  return await fail({ issues: cut, findings: cutFindings }, { file })
}

interface Items {
  readonly users: UserConfig
  readonly clients: ClientConfig
  readonly resources: ResourceConfig
}

/** What a tenant declares under this name. */
export function declaredAs<K extends Kind>(base: TenantConfig, kind: K, id: string): Items[K] | undefined {
  const items = base[kind] as readonly Items[K][]
  return items.find((item) => nameOf(kind, item) === id)
}

function nameOf(kind: Kind, item: Items[Kind]): string {
  return (item as unknown as Readonly<Record<string, string>>)[IDENTITIES[kind].key] as string
}

/** The same where there has to be one. @throws {ConfigError} that names the nearest one */
export async function theOne<K extends Kind>(base: TenantConfig, kind: K, id: string): Promise<Items[K]> {
  return (
    declaredAs(base, kind, id) ??
    (await fail({ findings: [nothingOf(base, kind, id)] }, { file: IDENTITIES[kind].one }))
  )
}

/**
 * Takes a user, client or resource away.
 * @throws {ConfigError} when there is none of this name, and for a resource that a client has as its audience or a scope of
 */
export async function removeFrom(
  base: TenantConfig,
  { kind, id }: { readonly kind: Kind; readonly id: string },
  names: Names,
): Promise<TenantConfig> {
  const item: Items[Kind] = await theOne(base, kind, id)
  const isNeeded = () => lostAudience(base, item) ?? scopesLostWith(item, base, names)
  const message = kind === 'resources' ? isNeeded() : undefined
  if (message !== undefined) await fail({ findings: [{ path: [], message }] }, { file: IDENTITIES[kind].one })
  return { ...base, [kind]: (base[kind] as readonly Items[Kind][]).filter((each) => each !== item) }
}

function lostAudience({ clients }: TenantConfig, item: object): string | undefined {
  const { identifier, id } = item as ResourceConfig
  return audienceProblem(id === undefined ? [identifier] : [identifier, id], clients)
}

function nothingOf(base: TenantConfig, kind: Kind, id: string): Finding {
  const items = base[kind] as readonly Items[Kind][]
  return {
    path: [],
    message: `there is no ${IDENTITIES[kind].one} ${shown(id)}`,
    name: id,
    among: items.map((item) => nameOf(kind, item)),
    list: 'declared',
  }
}
