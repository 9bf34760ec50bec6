import { firstToken, residentBytes, start } from '../process.mjs'
import { CLIENT, product } from '../product.mjs'
import { keep, median, mib, ms, percent, ratio } from '../stats.mjs'
import { load } from './throughput.mjs'

const MIB = 2 ** 20
const ES256 = [{ alg: 'ES256' }]

/** So many clients beside the one that asks, which stands last. */
function clients(count) {
  return [...others(count - 1), CLIENT]
}

function others(count) {
  return Array.from({ length: count }, (_, index) => ({
    client_id: `client-${index}`,
    client_secret: `secret-of-client-${index}`,
  }))
}

function tenants(count) {
  const names = Array.from({ length: count }, (_, index) => `tenant-${index}`)
  return Object.fromEntries(names.map((name) => [name, { clients: [CLIENT] }]))
}

/** The same requests with few and with many clients or tenants: ES256, so that signing hides nothing. */
export async function scale({ rounds, loadRounds, seconds, quick }) {
  const last = (count) => ({ tokenUrl: (url) => `${new URL(url).origin}/tenant-${count - 1}/token` })
  const subjects = {
    '10 clients': product({ keys: ES256, clients: clients(10) }),
    '1,000 clients': product({ keys: ES256, clients: clients(1000) }),
    '100,000 clients': product({ keys: ES256, clients: clients(100_000) }),
    '1,000 tenants': {
      ...product({ keys: ES256, clients: undefined, tenants: tenants(1000) }),
      ...last(1000),
    },
    ...(!quick && {
      '10,000 tenants': {
        ...product({ keys: ES256, clients: undefined, tenants: tenants(10_000) }),
        ...last(10_000),
      },
    }),
  }
  const [rates, starts, sizes] = [{}, {}, {}]
  for (let round = 0; round < Math.max(2, Math.ceil(rounds / 4)); round += 1) {
    for (const [name, subject] of Object.entries(subjects)) keep(starts, name, await firstToken(subject))
  }
  const running = {}
  try {
    for (const [name, subject] of Object.entries(subjects)) {
      running[name] = await start(subject.args)
      await load(subject, running[name].url, { connections: 16, seconds })
    }
    for (let round = 0; round < Math.max(3, loadRounds); round += 1) {
      for (const [name, subject] of Object.entries(subjects)) {
        const { rate } = await load(subject, running[name].url, { connections: 16, seconds, warmup: 0.2 })
        keep(rates, name, rate)
      }
    }
    for (const name of Object.keys(subjects)) sizes[name] = residentBytes(running[name].pid)
  } finally {
    await Promise.all(Object.values(running).map((server) => server.stop()))
  }
  return Object.keys(subjects)
    .slice(1)
    .flatMap((name) => compared(name, { rates, starts, sizes }))
}

const TARGETS = {
  '100,000 clients': { rate: [0.95, 0.98], start: [500, 300], size: [100 * MIB, 50 * MIB] },
  '1,000 tenants': { rate: [0.95, 0.98] },
  '10,000 tenants': { rate: [0.95, 0.98], start: [300] },
}

function compared(name, { rates, starts, sizes }) {
  const few = '10 clients'
  const { rate, start: begin, size } = TARGETS[name] ?? {}
  const more = (from) => median(from[name]) - median(from[few])
  return [
    {
      figure: `${name}: tokens/s, against ${few}`,
      value: ratio(rates, name, few),
      show: percent,
      least: rate,
    },
    { figure: `${name}: first token later by`, value: more(starts), show: ms, most: begin },
    ...(sizes[name] === undefined
      ? []
      : [{ figure: `${name}: more memory`, value: sizes[name] - sizes[few], show: mib, most: size }]),
  ]
}
