/** What the calls for users, clients and resources do. */
import { declaredAs, IDENTITIES, type Kind, put, removeFrom, theOne } from '../config/change.ts'
import type { Secrets } from '../config/mask.ts'
import { ConfigError } from '../config/problem.ts'
import type { TenantConfig } from '../config/resolve.ts'
import { isMap } from '../config/strict.ts'
import { names } from '../names.ts'
import { shown } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { Resident } from '../world/resident.ts'
import type { Answered, Asked, Desk } from './call.ts'
import { changeOptions } from './change_options.ts'
import { mergePatched } from './merge_patch.ts'
import { because, Problem } from './problem.ts'
import { changing } from './refused_change.ts'

/** What differs between users, clients and resources. */
export interface Kindred<K extends Kind> {
  readonly kind: K
  /** Tells them as a configuration writes them. */
  describer(secrets: Secrets, dialect: string): (item: TenantConfig[K][number]) => object
  /** Keys of which an item has one at most: who writes one means it in place of the others. */
  readonly exclusive?: readonly string[]
}

/** One call for one kind. */
export interface Job<K extends Kind> {
  readonly kindred: Kindred<K>
  readonly asked: Asked
  readonly desk: Desk
}

/** All of them. */
export function list<K extends Kind>(job: Job<K>): Answered {
  const items = job.desk.resident.declared.config[job.kindred.kind] as readonly TenantConfig[K][number][]
  return { json: { items: items.map(describerOf(job)) } }
}

/** One of them. */
export async function get<K extends Kind>(job: Job<K>): Promise<Answered> {
  const tell = describerOf(job)
  return { json: tell(await there(job.desk.resident.declared.config, job)) }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.4 */
export async function replace<K extends Kind>(job: Job<K>): Promise<Answered> {
  const { kind } = job.kindred
  const tell = describerOf(job)
  const item = named(job.asked.body, job)
  const { before, after } = await change(job.desk.resident, (config) => putInto(config, item, job))
  const isNew = declaredAs(before, kind, idOf(job)) === undefined
  return { status: isNew ? 201 : 200, json: tell(await there(after, job)) }
}

/** @see https://www.rfc-editor.org/rfc/rfc5789.html#section-2 */
export async function patch<K extends Kind>(job: Job<K>): Promise<Answered> {
  const { kindred, asked, desk } = job
  const tell = describerOf(job)
  const { after } = await change(desk.resident, async (config) => {
    const now = kindred.describer('shown', config.dialect)(await there(config, job))
    return await putInto(config, named(mergePatched(withoutReplaced(now, job), asked.body), job), job)
  })
  return { json: tell(await there(after, job)) }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.5 */
export async function remove<K extends Kind>(job: Job<K>): Promise<Answered> {
  const { resident } = job.desk
  await change(resident, async (config) => {
    await there(config, job)
    return await removeFrom(config, { kind: job.kindred.kind, id: idOf(job) }, names).catch(refusal(409))
  })
  // Its own tokens are kept nowhere, and are worth nothing from now on.
  if (job.kindred.kind === 'clients')
    await resident.tenant.store.add('removed_client', idOf(job), {}, Number.MAX_SAFE_INTEGER)
  return { status: 204 }
}

/** Lays a change over what is declared; where somebody else was faster, over what came of that. */
async function change(resident: Resident, make: (config: TenantConfig) => Promise<TenantConfig>) {
  for (;;) {
    const { declared } = resident
    const after = await make(declared.config)
    if (resident.declared !== declared) continue
    resident.change((now) => ({ ...now, config: after }))
    return { before: declared.config, after }
  }
}

function putInto<K extends Kind>(config: TenantConfig, item: unknown, job: Job<K>): Promise<TenantConfig> {
  const { resident, world } = job.desk
  return changing(() => put(config, { kind: job.kindred.kind, item }, changeOptions(resident, world)))
}

function idOf<K extends Kind>({ kindred: { kind }, asked: { named } }: Job<K>): string {
  return named[IDENTITIES[kind].key] ?? ''
}

/** The body with the name that is in the path. */
function named<K extends Kind>(body: unknown, job: Job<K>): unknown {
  if (!isMap(body)) return body
  const { key } = IDENTITIES[job.kindred.kind]
  const [id, given = id] = [idOf(job), body[key]]
  if (given === id) return { ...body, [key]: id }
  const message = `${key} in the body is not ${shown(id)}, which is in the path; write the same, or leave it out`
  throw new Problem(422, `${key}: ${message}`, { flaws: [{ path: key, message }] })
}

/** Of keys that exclude each other the one that the patch names stays. */
function withoutReplaced<K extends Kind>(
  item: object,
  { kindred: { exclusive = [] }, asked: { body } }: Job<K>,
): object {
  if (!isMap(body) || !exclusive.some((key) => key in body)) return item
  return Object.fromEntries(Object.entries(item).filter(([key]) => !exclusive.includes(key)))
}

function describerOf<K extends Kind>({ kindred, asked: { query }, desk: { resident } }: Job<K>) {
  const { secrets } = query
  if (secrets !== undefined && secrets !== 'show')
    throw new Problem(400, `secrets is ${shown(secrets)}; expected show, or no such parameter`)
  const tell = kindred.describer(secrets === 'show' ? 'shown' : 'masked', resident.declared.config.dialect)
  return (item: TenantConfig[K][number]) => tell(item) as Json
}

/** The one that is meant; what is not there is told with what is. */
async function there<K extends Kind>(config: TenantConfig, job: Job<K>): Promise<TenantConfig[K][number]> {
  return await theOne(config, job.kindred.kind, idOf(job)).catch(refusal(404))
}

function refusal(status: 404 | 409): (cause: unknown) => never {
  return (cause) => {
    throw cause instanceof ConfigError
      ? because(cause, status, cause.problems[0]?.message ?? cause.message)
      : cause
  }
}
