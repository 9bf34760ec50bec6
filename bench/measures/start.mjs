import { baselines } from '../baselines.mjs'
import { keyFiles } from '../keys.mjs'
import { peers } from '../peers.mjs'
import { firstToken, run } from '../process.mjs'
import { product, stateDir } from '../product.mjs'
import { interleaved, median, ms, ratio, times } from '../stats.mjs'

/** From the start of the process to the first RS256 token in the client's hands. */
export async function start({ rounds }) {
  const { pem, jwk } = keyFiles()
  const bare = baselines(pem)
  const server = { port: 0, state_dir: stateDir('start') }
  const ready = { json: product({ server }), yaml: product({ server, format: 'yaml' }) }
  await firstToken(ready.json)
  const given = { ...peers(jwk) }
  const fresh = { ...peers() }
  const steps = {
    'node -e 0': async () => (await run(['-e', '0'])).elapsed,
    'bare http': () => firstToken(bare['bare http']),
    'bare Koa': () => firstToken(bare['bare Koa']),
    ready: () => firstToken(ready.json),
    'ready, YAML': () => firstToken(ready.yaml),
    fresh: () => firstToken(product()),
    ...Object.fromEntries(Object.entries(given).map(([name, peer]) => [name, () => firstToken(peer)])),
    ...Object.fromEntries(
      Object.entries(fresh).map(([name, peer]) => [`${name}, fresh key`, () => firstToken(peer)]),
    ),
  }
  const took = await interleaved(rounds, steps)
  const against = (name, base) => ratio(took, name, base)
  return [
    ...Object.entries(took).map(([name, value]) => ({
      figure: `process start → first token: ${name}`,
      value: median(value),
      show: ms,
    })),
    {
      figure: 'ready key, against bare http',
      value: against('ready', 'bare http'),
      show: times,
      most: [1.6, 1.35],
    },
    {
      figure: 'ready key, YAML file, against bare http',
      value: against('ready, YAML', 'bare http'),
      show: times,
    },
    { figure: 'ready key, against bare Koa', value: against('ready', 'bare Koa'), show: times },
    { figure: 'ready key, against node -e 0', value: against('ready', 'node -e 0'), show: times },
    ...(took['oauth2-mock-server'] && [
      {
        figure: 'ready key, against oauth2-mock-server with a ready key',
        value: against('ready', 'oauth2-mock-server'),
        show: times,
        most: [0.5, 0.42],
      },
      {
        figure: 'fresh RSA key, against oauth2-mock-server with a fresh key',
        value: against('fresh', 'oauth2-mock-server, fresh key'),
        show: times,
        most: [0.75, 0.6],
      },
    ]),
    ...(took['oidc-provider'] && [
      { figure: 'ready key, against oidc-provider', value: against('ready', 'oidc-provider'), show: times },
    ]),
  ]
}
