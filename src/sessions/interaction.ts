/** What waits for a person: kept under an id that only the page's own form knows, so that it works without cookies. */
import type { Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { formOf, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'

/** People leave pages open; after this they begin again. */
const LIFETIME = 3600

export async function addInteraction(record: Kinded, { tenant }: Context): Promise<string> {
  const id = tenant.random.token(43)
  const kept: Kept = { ...record, at: tenant.path }
  await tenant.store.add('interaction', id, kept, tenant.clock.seconds() + LIFETIME)
  return id
}

/** Which page an interaction waits at. */
interface Kinded {
  readonly kind: string
}

/** Tenants may share a store: what was checked at the address of one is not to go on at that of another. */
interface Kept extends Kinded {
  readonly at: string
}

function isOf(record: Kept, kind: string, { tenant }: Context): boolean {
  return record.kind === kind && record.at === tenant.path
}

/** The interaction of a page that is shown. @throws OAuthError interaction.unknown */
export async function openInteraction<T extends Kinded>(
  request: Request,
  kind: T['kind'],
  cx: Context,
): Promise<{ readonly id: string; readonly record: T }> {
  const id = first(request.query, 'interaction') ?? ''
  const record = (await cx.tenant.store.get('interaction', id)) as (T & Kept) | undefined
  if (record === undefined || !isOf(record, kind, cx)) throw unknown()
  return { id, record }
}

/**
 * The interaction of a form that was sent; it is used up, and only the provider's own page may send it.
 * @throws OAuthError interaction.unknown, interaction.cross_site
 */
export async function takeInteraction<T extends Kinded>(
  request: Request,
  kind: T['kind'],
  cx: Context,
): Promise<T> {
  assertSameOrigin(request, cx)
  const id = first(formOf(request), 'interaction') ?? ''
  const record = (await cx.tenant.store.take('interaction', id)) as (T & Kept) | undefined
  if (record === undefined || !isOf(record, kind, cx)) throw unknown()
  return record
}

function unknown(): OAuthError {
  return new OAuthError(
    'interaction.unknown',
    'this page was used already, is older than an hour, or belongs to a provider that was restarted since; go back to the application and sign in again',
  )
}

/**
 * Whether nobody is there yet: a program looks at the link, or a browser fetches ahead.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.2
 */
export function isAhead({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  return method === 'HEAD' || (headers['sec-purpose'] ?? headers['purpose']) !== undefined
}

/** Another site must not sign a person in or out: browsers say where a form comes from. @see https://www.rfc-editor.org/rfc/rfc6454.html#section-7 */
export function assertSameOrigin({ headers }: Request, { bases }: Context): void {
  const origin = headers['origin']
  const own = [bases.caller, bases.front, bases.issuer].map((base) => new URL(base).origin)
  const site = headers['sec-fetch-site']
  const isForeign =
    (origin !== undefined && !own.includes(origin)) || site === 'cross-site' || site === 'same-site'
  if (!isForeign) return
  throw new OAuthError(
    'interaction.cross_site',
    `the form was sent from ${origin ?? 'another site'}, expected ${own[0]}: only the provider's own page may send it`,
  )
}
