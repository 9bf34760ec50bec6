/** What clients hold that is worth something: found in the store, told without the secrets that it is found by. */
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { parseScope } from '../protocol/scope.ts'
import type { Listed, Kind as StoreKind } from '../store/store.ts'
import type { StoredToken } from '../tokens/access_token.ts'
import { type Code, isUsedCode } from '../tokens/code.ts'
import { type DeviceCode, decideDeviceCode } from '../tokens/device_code.ts'
import { isOwnIssuer } from '../tokens/own_jwt.ts'
import { isUsed, type RefreshToken } from '../tokens/refresh_token.ts'
import { isRevoked, revokeGrant } from '../tokens/revoked_grant.ts'
import type { UserGrant } from '../tokens/user_grant.ts'
import type { Desk } from './call.ts'
import { isOfTenant } from './of_tenant.ts'

export interface Live {
  /** A fingerprint of what the client holds. */
  readonly id: string
  readonly kind: 'code' | 'refresh_token' | 'access_token' | 'device_code'
  readonly client_id: string
  /** Absent for a client's own token, and while nobody has decided about a device. */
  readonly grant: UserGrant | undefined
  readonly scopes: readonly string[]
  /** Seconds. */
  readonly expires: number
  /** Where the store has it. */
  readonly at: Pick<Listed, 'id'> & { readonly kind: StoreKind }
}

/** What the store says of one, before it is known whether it is still good. */
type Found = Omit<Live, 'id' | 'at' | 'kind'>

/** How records of a kind are read. */
interface Reader {
  readonly from: StoreKind
  readonly kind: Live['kind']
  /** Undefined for what nobody can use. */
  read(listed: Listed, cx: Context): Found | undefined
  /** Whether it was used up, or revoked by itself. */
  isSpent(id: string, cx: Context): Promise<boolean>
}

const READERS: readonly Reader[] = [
  {
    ...{ from: 'code', kind: 'code' },
    read: ({ record }) => granted((record as Code).grant, (record as Code).expires),
    isSpent: isUsedCode,
  },
  {
    ...{ from: 'refresh_token', kind: 'refresh_token' },
    read: ({ record }) => granted((record as RefreshToken).grant, (record as RefreshToken).expires),
    isSpent: isUsed,
  },
  {
    ...{ from: 'token_grant', kind: 'access_token' },
    read: ({ record, expires }) => granted(record as UserGrant, expires),
    isSpent: async (id, { tenant }) => (await tenant.store.get('revoked_token', id)) !== undefined,
  },
  {
    ...{ from: 'access_token', kind: 'access_token' },
    read: ({ record, expires }, cx) => opaque(record as StoredToken, expires, cx),
    isSpent: () => Promise.resolve(false),
  },
  {
    ...{ from: 'device_code', kind: 'device_code' },
    read: ({ record }) => device(record as DeviceCode),
    isSpent: () => Promise.resolve(false),
  },
]

function granted(grant: UserGrant, expires: number): Found {
  return { grant, client_id: grant.client_id, scopes: grant.scopes, expires }
}

/** A client's own token does not say which tenant of several that share a store issued it, but by its issuer. */
function opaque({ grant, client_id, claims }: StoredToken, expires: number, cx: Context): Found | undefined {
  if (grant === undefined && cx.tenant.cloud !== undefined && !isOwnIssuer(claims['iss'], cx))
    return undefined
  const scope = claims['scope'] ?? claims['scp']
  return { grant, client_id, scopes: parseScope(typeof scope === 'string' ? scope : undefined), expires }
}

/** One that waits is for whoever types its code: for every tenant that shares the store. */
function device({ asked, decision, uses, expires }: DeviceCode): Found | undefined {
  if (uses > 0 || decision === 'denied') return undefined
  const { client_id, scopes } = asked
  return { grant: decision, client_id, scopes, expires }
}

/** What can still be used of the tenant, by kind, oldest first. */
export async function liveGrants({ resident, context }: Desk): Promise<readonly Live[]> {
  const cx = context(resident.tenant)
  const found = await Promise.all(READERS.map((reader) => ofKind(reader, cx)))
  return found.flat()
}

async function ofKind(reader: Reader, cx: Context): Promise<readonly Live[]> {
  const { tenant } = cx
  const now = tenant.clock.seconds()
  const all = await tenant.store.list(reader.from)
  const found = await Promise.all(
    all.map(async (listed) => {
      const read = reader.read(listed, cx)
      if (read === undefined || read.expires <= now) return []
      const { grant } = read
      if (grant !== undefined && (!isOfTenant(grant.login, tenant) || (await isRevoked(grant, cx)))) return []
      if (await reader.isSpent(listed.id, cx)) return []
      const at = { kind: reader.from, id: listed.id }
      return [{ ...read, kind: reader.kind, id: fingerprint(at), at }]
    }),
  )
  return found.flat()
}

/** Nobody finds a token of 256 random bits by its hash. */
function fingerprint({ kind, id }: Live['at']): string {
  return createHash('sha256').update(`${kind} ${id}`).digest('base64url').slice(0, 24)
}

/** Makes it worth nothing, with all that was issued for the same grant. */
export async function revoke({ grant, at }: Live, { resident, context }: Desk): Promise<void> {
  const cx = context(resident.tenant)
  const { store } = resident.tenant
  if (at.kind === 'device_code') await deny(at.id, cx)
  else if (grant !== undefined) await revokeGrant(grant, cx)
  else await store.take(at.kind, at.id)
}

/** Whoever holds the user code cannot decide any more, and what was decided is undone. */
async function deny(device_code: string, cx: Context): Promise<void> {
  if (await decideDeviceCode(device_code, 'denied', cx)) return
  await cx.tenant.store.update<DeviceCode>('device_code', device_code, (each) => ({
    ...each,
    decision: 'denied',
  }))
}
