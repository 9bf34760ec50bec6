// What a test suite pays: import and first start, then a start and a stop for each of its files.
import http from 'node:http'
import { median } from '../stats.mjs'

const [kind, options] = process.argv.slice(2)
const { cycles, jwk, config } = JSON.parse(options)

const LIBRARIES = {
  async product() {
    const { startIdp } = await import('../../dist/index.js')
    return async () => {
      const idp = await startIdp(config)
      return { url: `${idp.issuer}/.well-known/openid-configuration`, stop: () => idp.stop() }
    }
  },
  async mock() {
    const { OAuth2Server } = await import('oauth2-mock-server')
    return async () => {
      const server = new OAuth2Server()
      if (jwk === undefined) await server.issuer.keys.generate('RS256')
      else await server.issuer.keys.add(structuredClone(jwk))
      await server.start(0, '127.0.0.1')
      return {
        url: `http://127.0.0.1:${server.address().port}/.well-known/openid-configuration`,
        stop: () => server.stop(),
      }
    }
  },
}

async function timed(step) {
  const began = performance.now()
  const value = await step()
  return { value, elapsed: performance.now() - began }
}

/** Opens connections and leaves them open, as the agents of test suites do. */
function use(url, agent) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => response.resume().on('end', resolve))
    request.on('error', reject)
  })
}

const bytes = () => {
  globalThis.gc?.()
  return process.memoryUsage().rss
}

const first = await timed(async () => (await LIBRARIES[kind]())())
await first.value.stop()
const start = await LIBRARIES[kind]()
const [starts, stops] = [[], []]
let before
for (let cycle = 0; cycle < cycles; cycle += 1) {
  const agent = new http.Agent({ keepAlive: true })
  const started = await timed(start)
  starts.push(started.elapsed)
  await Promise.all(Array.from({ length: 4 }, () => use(started.value.url, agent)))
  stops.push((await timed(started.value.stop)).elapsed)
  agent.destroy()
  // What is loaded and compiled on first use is no growth.
  if (cycle === Math.floor(cycles / 5)) before = bytes()
}
const growth = bytes() - before
console.log(JSON.stringify({ first: first.elapsed, start: median(starts), stop: median(stops), growth }))
process.exit(0)
