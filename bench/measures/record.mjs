import fs from 'node:fs'
import path from 'node:path'
import { rolldown } from 'rolldown'
import { root, start, work } from '../process.mjs'
import { CLIENT, tokenRequest } from '../product.mjs'
import { keep, median, percent, ratio } from '../stats.mjs'
import { load } from './throughput.mjs'

const SUBJECT = path.join(root, 'bench/subjects/provider.ts')
const CONFIGS = { RS256: {}, ES256: { keys: [{ alg: 'ES256' }] } }

/** Clock ticks of a process on all cores, where the system tells; a busy neighbour takes none of them. */
function ticks(pid) {
  const file = `/proc/${pid}/stat`
  if (!fs.existsSync(file)) return undefined
  const [user, system] = fs.readFileSync(file, 'utf8').split(') ')[1].split(' ').slice(11, 13)
  return Number(user) + Number(system)
}

async function bundled() {
  const file = path.join(work, 'provider.mjs')
  const build = await rolldown({
    input: SUBJECT,
    platform: 'node',
    tsconfig: path.join(root, 'tsconfig.json'),
    transform: { target: 'node20.19' },
    onLog: () => undefined,
  })
  await build.write({ file, format: 'esm', codeSplitting: false, minify: true })
  return file
}

/** What it costs that requests are remembered and judged: the same server with and without. */
export async function record({ loadRounds, seconds }) {
  const file = await bundled()
  const running = {}
  const [rates, costs] = [{}, {}]
  const subject = { args: [file], tokenUrl: (url) => `${url}/token`, request: tokenRequest(CLIENT) }
  try {
    for (const [alg, more] of Object.entries(CONFIGS)) {
      for (const remembers of [true, false]) {
        const config = { clients: [CLIENT], server: { port: 0 }, ...more }
        const name = `${alg} ${remembers ? 'with' : 'without'}`
        running[name] = await start([file, JSON.stringify({ config, remembers })])
        await load(subject, running[name].url, { connections: 16, seconds })
      }
    }
    // A few per cent are less than a neighbour takes now and then: many short rounds, now one first, now the other.
    const short = { connections: 16, seconds: seconds / 4, warmup: 0 }
    for (let round = 0; round < 10 * loadRounds; round += 1) {
      const turns = Object.entries(running)
      for (const [name, { url, pid }] of round % 2 === 0 ? turns : turns.reverse()) {
        const before = ticks(pid)
        const { rate } = await load(subject, url, short)
        keep(rates, name, rate)
        if (before !== undefined) keep(costs, name, (ticks(pid) - before) / (rate * short.seconds))
      }
    }
  } finally {
    await Promise.all(Object.values(running).map((server) => server.stop()))
  }
  return Object.keys(CONFIGS).flatMap((alg) => [
    {
      figure: `${alg}: tokens/s with the record, against without`,
      value: ratio(rates, `${alg} with`, `${alg} without`),
      show: percent,
      least: [0.93, 0.97],
    },
    ...(costs[`${alg} with`] === undefined
      ? []
      : [
          {
            figure: `${alg}: processor time per token with the record, against without`,
            value: median(costs[`${alg} with`].map((cost, at) => cost / costs[`${alg} without`][at])),
            show: percent,
            most: [1.08, 1.03],
          },
        ]),
  ])
}
