// What sandboxes hold in memory: heap alone, collected before each look.
import { setImmediate } from 'node:timers/promises'
import { startIdp } from '../../dist/index.js'

const COUNT = Number(process.argv[2])
const CLIENT = { client_id: 'batch', client_secret: 'the-secret-of-batch-0123456789' }

async function held() {
  for (let n = 0; n < 3; n += 1) {
    globalThis.gc()
    await setImmediate()
  }
  return process.memoryUsage().heapUsed
}

const idp = await startIdp({
  clients: [CLIENT],
  keys: [{ alg: 'ES256' }],
  control: { sandboxes: { most: COUNT + 100 } },
})
const open = (count) => Promise.all(Array.from({ length: count }, () => idp.sandbox()))
async function use(boxes) {
  const { client_id, client_secret } = CLIENT
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  for (const { issuer } of boxes) await (await fetch(`${issuer}/token`, { method: 'POST', body })).text()
}

// What is loaded and compiled on first use belongs to none of them.
const warm = await open(300)
await use(warm)
await Promise.all(warm.map((box) => box.stop()))
warm.length = 0
const before = await held()
const boxes = await open(COUNT)
const idle = ((await held()) - before) / COUNT
await use(boxes)
const used = ((await held()) - before) / COUNT
await Promise.all(boxes.map((box) => box.stop()))
boxes.length = 0
const left = (await held()) - before
console.log(JSON.stringify({ idle, used, left }))
process.exit(0)
