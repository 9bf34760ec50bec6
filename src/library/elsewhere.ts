/** What is known of a provider that runs elsewhere: learnt when connecting, and again after each change. */
import { environment, type Facts } from '../environment.ts'
import { oneOf } from '../protocol/errors.ts'
import { type CaFile, caFile as written } from '../tls/ca_file.ts'
import { createAsk, type List } from './ask.ts'
import { type Known, type Opened, placeOf } from './known.ts'
import { strange } from './over_http.ts'
import type { Transport } from './transport.ts'

interface Place {
  readonly url: string
  readonly https_url: string | null
  readonly has_ca: boolean
  readonly tenants: readonly { readonly name: string; readonly issuer: string }[]
}

interface Way {
  readonly transport: Transport
  /** The CA that the caller has already. */
  readonly caFile: string | undefined
}

/** Known, with what there is to clear up when it is not needed any more. */
export interface Remote extends Known {
  forget(): Promise<void>
}

export async function elsewhere(url: string, { transport, caFile }: Way): Promise<Remote> {
  const ask = createAsk(transport, undefined)
  const place = await ask<Place | undefined>('GET', '/provider')
  if (!Array.isArray(place?.tenants))
    throw strange(`GET ${url}/_mock/provider answered ${place === undefined ? 204 : 200}`)
  const { https_url, has_ca, tenants } = place
  // The port may be another here than there, so who came by https knows better.
  const httpsUrl = url.startsWith('https:') ? url : (https_url ?? undefined)
  const known = await factsOf(transport)
  const own = has_ca && caFile === undefined ? await caOf(transport) : undefined
  const others = [place.url, ...(https_url === null ? [] : [https_url])]
  const all = knownBy(known, { transport, others, at: { url, httpsUrl, caFile: caFile ?? own?.path } })
  return { ...all, issuer: tenants[0]?.issuer ?? url, forget: async () => await own?.remove() }
}

/** @param own name of the sandbox that they are about; absent: the configuration */
async function factsOf(transport: Transport, own?: string): Promise<Facts> {
  return (await createAsk(transport, own)<List<Facts[number]>>('GET', '/env/facts')).items
}

interface Whereabouts {
  readonly transport: Transport
  readonly at: Pick<Known, 'url' | 'httpsUrl' | 'caFile'>
  /** URLs by which the server knows itself. */
  readonly others: readonly string[]
  readonly sandbox?: Opened
}

function knownBy(first: Facts, { transport, at, others, sandbox }: Whereabouts): Known {
  let facts = first
  // The server tells of its configuration alone.
  const boxes = new Map<string, Known>()
  const known: Known = {
    ...at,
    issuer: sandbox?.issuer ?? at.url,
    issuerOf(name) {
      const box = boxes.get(name)
      if (box !== undefined) return box.issuer
      const found = facts.find((tenant) => tenant.name === name)
      if (found !== undefined) return found.issuer
      throw new TypeError(
        `there is no tenant ${name}; configured: ${oneOf(facts.map((tenant) => tenant.name))}`,
      )
    },
    env(kind, options) {
      const box = boxes.get(options.tenant ?? '')
      return box?.env(kind, options) ?? environment(kind, options, { facts, caFile: at.caFile })
    },
    async refresh() {
      facts = await factsOf(transport, sandbox?.id)
    },
    async in(box) {
      const there = { ...at, ...placeOf(box, at, others) }
      const own = knownBy(await factsOf(transport, box.id), { transport, others, at: there, sandbox: box })
      boxes.set(box.id, own)
      return within(box, known, own)
    },
    left: (id) => void boxes.delete(id),
  }
  return known
}

/** Other tenants are known as well. */
function within({ id }: Opened, all: Known, own: Known): Known {
  return {
    ...own,
    in: all.in,
    left: all.left,
    issuerOf: all.issuerOf,
    env: (kind, options) => all.env(kind, { ...options, tenant: options.tenant ?? id }),
  }
}

/** A file of our own with its CA. */
async function caOf(transport: Transport): Promise<CaFile> {
  const cert = await transport({ method: 'GET', path: '/ca.pem', query: {} })
  return await written({ cert: String(cert) })
}
