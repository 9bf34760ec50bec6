import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { keyFiles } from '../keys.mjs'
import { run } from '../process.mjs'
import { CLIENT, stateDir } from '../product.mjs'
import { interleaved, median, mib, ms, times } from '../stats.mjs'

const SUBJECT = fileURLToPath(new URL('../subjects/library.mjs', import.meta.url))

async function library(kind, options, flags = []) {
  const { text } = await run([...flags, SUBJECT, kind, JSON.stringify(options)])
  return JSON.parse(text)
}

/** Import and first start in one process, then starts and stops while keep-alive connections are open. */
export async function libraryUse({ rounds, cycles }) {
  const jwk = JSON.parse(fs.readFileSync(keyFiles().jwk, 'utf8'))
  const config = { clients: [CLIENT], server: { state_dir: stateDir('library') } }
  const values = await interleaved(rounds, {
    product: () => library('product', { cycles: 20, config }),
    generated: () => library('product', { cycles: 20, config: { clients: [CLIENT] } }),
    mock: () => library('mock', { cycles: 3, jwk }),
    'mock, fresh key': () => library('mock', { cycles: 3 }),
  })
  const of = (name, what) => median(values[name].map((each) => each[what]))
  const long = await library('product', { cycles, config: { clients: [CLIENT] } }, ['--expose-gc'])
  const firstStart = 'import and first start'
  return [
    { figure: `${firstStart}: ready key`, value: of('product', 'first'), show: ms },
    { figure: `${firstStart}: oauth2-mock-server, ready key`, value: of('mock', 'first'), show: ms },
    {
      figure: `${firstStart}: oauth2-mock-server, fresh key`,
      value: of('mock, fresh key', 'first'),
      show: ms,
    },
    {
      figure: `${firstStart}, against oauth2-mock-server, both with a ready key`,
      value: median(values.product.map((each, round) => each.first / values.mock[round].first)),
      show: times,
      most: [0.6, 0.4],
    },
    { figure: 'later start', value: of('generated', 'start'), show: ms, most: [2, 1] },
    {
      figure: 'stop with open keep-alive connections',
      value: of('generated', 'stop'),
      show: ms,
      most: [1, 0.2],
    },
    { figure: 'later start: oauth2-mock-server', value: of('mock', 'start'), show: ms },
    {
      figure: `growth over ${cycles} starts and stops`,
      value: long.growth,
      show: mib,
      most: [20 * 2 ** 20, 5 * 2 ** 20],
    },
  ]
}
