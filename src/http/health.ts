import type { Context as Koa } from 'koa'
import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE } from '../protocol/messages.ts'
import type { Site } from './site.ts'
import { write } from './write.ts'

/** Liveness at `/healthz`; readiness at `/readyz`: configuration loaded, keys made. Says whether it was asked for one. */
export function health(koa: Koa, site: Site): boolean {
  const kind =
    site.prefixes.includes(koa.path.slice(0, -'/healthz'.length)) && koa.path.endsWith('/healthz')
      ? 'live'
      : readiness(koa.path, site)
  if (kind === undefined) return false
  const up = kind === 'live' || site.ready()
  write(
    json(
      up ? 200 : 503,
      membersOf({ status: up ? 'ok' : 'starting: the signing keys are being made' }),
      NO_STORE,
    ),
    koa,
  )
  return true
}

function readiness(path: string, { prefixes }: Site): 'ready' | undefined {
  return path.endsWith('/readyz') && prefixes.includes(path.slice(0, -'/readyz'.length)) ? 'ready' : undefined
}
