import { fileURLToPath } from 'node:url'
import { run, start } from '../process.mjs'
import { product } from '../product.mjs'
import { keep, median, mib, percent, perSecond, ratio } from '../stats.mjs'
import { load } from './throughput.mjs'

const ES256 = [{ alg: 'ES256' }]
const JSON_TYPE = { 'content-type': 'application/json' }
const KIB = 1024
const MEMORY = fileURLToPath(new URL('../subjects/sandboxes.mjs', import.meta.url))
const SANDBOXES = 5_000

/** What a test does before and after each of its cases, by how it is sent. */
const CALLS = {
  'GET /clock': { path: '/clock', request: { method: 'GET', headers: JSON_TYPE } },
  'PUT a user': {
    path: '/users/carol',
    request: { method: 'PUT', headers: JSON_TYPE, body: JSON.stringify({ email: 'carol@example.test' }) },
  },
  'a sandbox': { path: '/sandboxes', request: { headers: JSON_TYPE } },
  'a sandbox with a user and a client': {
    path: '/sandboxes',
    request: {
      headers: JSON_TYPE,
      body: JSON.stringify({
        users: [{ username: 'carol', email: 'carol@example.test' }],
        clients: [{ client_id: 'own', client_secret: 'the-secret-of-own' }],
      }),
    },
  },
}

const TARGETS = { 'GET /clock': [1], 'PUT a user': [0.3], 'a sandbox': [0.5, 0.8] }

/** Calls per second against tokens per second of the same server: ES256, so that signing hides nothing. */
export async function control({ loadRounds, seconds }) {
  const subject = product({ keys: ES256, control: { sandboxes: { most: 100_000 } } })
  const server = await start(subject.args)
  const seen = {}
  try {
    const steps = {
      'a token': subject,
      ...Object.fromEntries(
        Object.entries(CALLS).map(([name, { path, request }]) => [
          name,
          { args: subject.args, request, tokenUrl: (url) => `${new URL(url).origin}/_mock${path}` },
        ]),
      ),
    }
    for (const step of Object.values(steps)) await load(step, server.url, { connections: 16, seconds: 0.5 })
    for (let round = 0; round < Math.max(3, loadRounds); round += 1) {
      for (const [name, step] of Object.entries(steps)) {
        const { rate } = await load(step, server.url, { connections: 16, seconds, warmup: 0.2 })
        keep(seen, name, rate)
      }
    }
  } finally {
    await server.stop()
  }
  return [
    { figure: 'tokens (ES256) per second', value: median(seen['a token']), show: perSecond },
    ...Object.keys(CALLS).flatMap((name) => [
      { figure: `${name}: per second`, value: median(seen[name]), show: perSecond },
      {
        figure: `${name}: against a token`,
        value: ratio(seen, name, 'a token'),
        show: percent,
        least: TARGETS[name],
      },
    ]),
    ...(await memoryRows()),
  ]
}

async function memoryRows() {
  const { idle, used, left } = JSON.parse((await run(['--expose-gc', MEMORY, String(SANDBOXES)])).text)
  const kib = (value) => `${(value / KIB).toFixed(1)} KiB`
  return [
    {
      figure: `one of ${SANDBOXES} sandboxes that nobody used`,
      value: idle,
      show: kib,
      most: [16 * KIB, 8 * KIB],
    },
    { figure: 'one that was asked for a token', value: used, show: kib, most: [64 * KIB, 32 * KIB] },
    {
      figure: 'left of them when they are dropped',
      value: left,
      show: mib,
      most: [4 * KIB * KIB, KIB * KIB],
    },
  ]
}
