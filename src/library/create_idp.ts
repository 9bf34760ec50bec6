/** The object that a test holds, out of calls of the control API: the same in process and over HTTP. */
import type {
  ClientInput,
  Idp,
  LiveGrant,
  LiveLogin,
  ResourceInput,
  Sandbox,
  TokenRequest,
  Tokens,
  UserInput,
} from '../api.ts'
import { type Ask, createAsk } from './ask.ts'
import { clock } from './clock.ts'
import { declared } from './declared.ts'
import { keys } from './keys.ts'
import type { Known, Opened } from './known.ts'
import { live } from './live.ts'
import { record } from './record.ts'
import { GoneError, type Transport } from './transport.ts'

export interface Parts {
  readonly transport: Transport
  readonly known: Known
  /** Name of the tenant that the object is about; undefined: the provider as a whole. */
  readonly tenant?: string | undefined
  /** A nearer way to a token; undefined: the call has to be made, which also says what is wrong with it. */
  readonly mint?: ((request: TokenRequest) => Promise<string | undefined>) | undefined
  stop(): Promise<void>
}

export function createIdp(parts: Parts): Idp {
  const { known, stop } = parts
  const ask = createAsk(parts.transport, parts.tenant)
  const { refresh } = known
  return {
    ...{ issuer: known.issuer, url: known.url, httpsUrl: known.httpsUrl, caFile: known.caFile },
    issuerOf: known.issuerOf,
    ...tokens(ask, parts),
    env: (kind, options = {}) => known.env(kind, options),
    clock: clock(ask),
    users: declared<UserInput>('users', ask),
    clients: declared<ClientInput>('clients', ask, refresh),
    resources: declared<ResourceInput>('resources', ask, refresh),
    keys: keys(ask),
    async nextLogin({ tenant, ...login }) {
      await ask('PUT', '/next-login', { body: login, of: tenant === undefined ? {} : { tenant } })
    },
    ...record(ask),
    sessions: live<LiveLogin>('sessions', ask),
    grants: live<LiveGrant>('grants', ask),
    clientCertificate: (client) => ask('POST', '/client-certificates', { body: { client } }),
    async sandbox({ tenant, ...body } = {}) {
      const of = tenant === undefined ? {} : { tenant }
      return await open(await ask<Opened>('POST', '/sandboxes', { body, of }), ask, parts)
    },
    async reset(of) {
      await ask('POST', '/reset', { of })
      await refresh()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function tokens(ask: Ask, { mint, tenant: own }: Parts): Pick<Idp, 'token' | 'tokens'> {
  const all = ({ tenant, ...body }: TokenRequest) =>
    ask<Tokens>('POST', '/tokens', { body, of: tenant === undefined ? {} : { tenant } })
  return {
    async token(request) {
      const { tenant = own } = request
      const near = await mint?.(tenant === undefined ? request : { ...request, tenant })
      return near ?? (await all(request)).access_token
    },
    tokens: async (request) => await all(request),
  }
}

async function open(opened: Opened, ask: Ask, parts: Parts): Promise<Sandbox> {
  const { id } = opened
  let gone: Promise<void> | undefined
  const drop = async () => {
    await ask('DELETE', `/sandboxes/${encodeURIComponent(id)}`, { of: 'server' }).catch(unlessGone)
    parts.known.left(id)
  }
  const stop = () => {
    gone ??= drop()
    return gone
  }
  const known = await parts.known.in(opened)
  return { ...createIdp({ ...parts, known, tenant: id, stop }), id }
}

/** One that nobody used for long is gone already, and so is one of a provider that is gone. */
function unlessGone(error: Error): void {
  if (error instanceof GoneError) return
  if ((error.cause as { readonly status?: number } | undefined)?.status !== 404) throw error
}
