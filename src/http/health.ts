import type { Context as Koa } from 'koa'
import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE } from '../protocol/messages.ts'
import type { Site } from './site.ts'
import { write } from './write.ts'

/** Liveness; readiness: configuration loaded, keys made. */
const PROBES: Readonly<Record<string, (site: Site) => boolean>> = {
  '/healthz': () => true,
  '/readyz': (site) => site.ready(),
}

/** Answers a probe below any prefix. Says whether it was asked for one. */
export function health(koa: Koa, site: Site): boolean {
  const at = koa.path.lastIndexOf('/')
  const probe = PROBES[koa.path.slice(at)]
  if (probe === undefined || !site.prefixes.includes(koa.path.slice(0, at))) return false
  const up = probe(site)
  const status = up ? 'ok' : 'starting: the signing keys are being made'
  write(json(up ? 200 : 503, membersOf({ status }), NO_STORE), koa)
  return true
}
