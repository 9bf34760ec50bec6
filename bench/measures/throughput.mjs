import { execFile } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { baselines } from '../baselines.mjs'
import { keyFiles } from '../keys.mjs'
import { peers } from '../peers.mjs'
import { run, start } from '../process.mjs'
import { product, stateDir } from '../product.mjs'
import { keep, median, ms, percent, perSecond, ratio, times } from '../stats.mjs'

const GENERATOR = fileURLToPath(new URL('../load.mjs', import.meta.url))

/** Tokens per second of a running server. */
export async function load(subject, url, { connections, seconds, warmup = 0.5 }) {
  const options = { url: subject.tokenUrl(url), ...subject.request, connections, seconds, warmup }
  const result = JSON.parse((await run([GENERATOR, JSON.stringify(options)])).text)
  if (result.errors > 0) throw new Error(`${result.errors} requests of ${subject.args[0]} failed under load`)
  return result
}

/** Signatures per second that OpenSSL makes on all cores; undefined where there is no openssl. */
async function openssl(algorithm) {
  const args = ['speed', '-multi', String(os.availableParallelism()), '-seconds', '2', algorithm]
  const run = promisify(execFile)('openssl', args)
  const text = await run.then(
    ({ stdout }) => stdout,
    () => '',
  )
  const line = text.split('\n').findLast((each) => /^ *(rsa|\d+ bits ecdsa)/.test(each))
  const figures = line?.match(/\d+\.\d(?!\d)/g)
  return figures && Number(figures[0])
}

/** Signatures per second through the thread pool of this very Node. */
async function nodeCrypto(pem, seconds) {
  const key = createPrivateKey(fs.readFileSync(pem))
  const data = Buffer.alloc(300, 'a')
  const until = performance.now() + seconds * 1000
  let made = 0
  const lane = async () => {
    while (performance.now() < until) {
      await new Promise((resolve) => sign('sha256', data, key, resolve))
      made += 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return made / seconds
}

export async function throughput({ loadRounds, seconds }) {
  const { pem, jwk } = keyFiles()
  const rs256 = product({ server: { port: 0, state_dir: stateDir('load') } })
  const subjects = {
    RS256: rs256,
    ES256: product({ keys: [{ alg: 'ES256' }] }),
    'bare http': baselines(pem)['bare http'],
    'bare Koa': baselines(pem)['bare Koa'],
    ...peers(jwk),
  }
  const running = {}
  const seen = {}
  try {
    for (const [name, subject] of Object.entries(subjects)) {
      running[name] = await start(subject.args)
      // Code that is compiled while it is measured says nothing about a server that runs.
      await load(subject, running[name].url, { connections: 16, seconds })
    }
    for (let round = 0; round < loadRounds; round += 1) {
      for (const algorithm of ['rsa2048', 'ecdsap256']) keep(seen, algorithm, await openssl(algorithm))
      keep(seen, 'node:crypto', await nodeCrypto(pem, 1))
      for (const connections of [16, 64]) {
        for (const [name, subject] of Object.entries(subjects)) {
          const { rate, p99 } = await load(subject, running[name].url, { connections, seconds })
          keep(seen, `${name} at ${connections}`, rate)
          keep(seen, `${name} at ${connections}, p99`, p99)
        }
      }
    }
  } finally {
    await Promise.all(Object.values(running).map((server) => server.stop()))
  }
  return rows(seen, Object.keys(subjects))
}

const PEERS = [
  ['oidc-provider', [1.2, 1.33]],
  ['oauth2-mock-server', [1.8, 2]],
]

function rows(seen, names) {
  const of = (name) => seen[name]?.[0] && median(seen[name])
  // What another process takes from one of the two is no reason for a higher share.
  seen.raw = seen['node:crypto'].map((rate, round) => Math.max(rate, seen.rsa2048[round] ?? 0))
  return [
    { figure: 'raw RSA-2048 signatures, openssl, all cores', value: of('rsa2048'), show: perSecond },
    { figure: 'raw RSA-2048 signatures, node:crypto on the pool', value: of('node:crypto'), show: perSecond },
    { figure: 'raw P-256 signatures, openssl, all cores', value: of('ecdsap256'), show: perSecond },
    ...[16, 64].flatMap((connections) => atConnections(connections, { seen, names, of })),
    ...(names.includes('oidc-provider')
      ? [
          {
            figure: 'RS256 at 16, p99, against oidc-provider',
            value: ratio(seen, 'RS256 at 16, p99', 'oidc-provider at 16, p99'),
            show: times,
            most: [0.6, 0.45],
          },
        ]
      : []),
    {
      figure: 'ES256 against RS256 at 16',
      value: ratio(seen, 'ES256 at 16', 'RS256 at 16'),
      show: times,
      least: [2.5, 3.3],
    },
  ]
}

function atConnections(connections, { seen, names, of }) {
  const at = (name) => `${name} at ${connections}`
  const share = (name) => ratio(seen, at(name), 'raw')
  return [
    ...names.flatMap((name) => [
      { figure: `${at(name)} connections`, value: of(at(name)), show: perSecond },
      { figure: `${at(name)} connections, p99`, value: of(`${at(name)}, p99`), show: ms },
    ]),
    {
      figure: `${at('RS256')}, share of the raw rate`,
      value: share('RS256'),
      show: percent,
      least: [0.65, 0.75],
    },
    { figure: `${at('bare http')}, share of the raw rate`, value: share('bare http'), show: percent },
    ...['bare http', 'bare Koa'].map((base) => ({
      figure: `${at('RS256')}, against ${base}`,
      value: ratio(seen, at('RS256'), at(base)),
      show: percent,
    })),
    ...PEERS.filter(([peer]) => names.includes(peer)).map(([peer, least]) => ({
      figure: `${at('RS256')}, against ${peer}`,
      value: ratio(seen, at('RS256'), at(peer)),
      show: times,
      least,
    })),
  ]
}
