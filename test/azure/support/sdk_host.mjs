/** The process that SDKs run in: it calls what it is asked to call, and tells how that went. */
import { escaped, routes } from './loopback_only.mjs'

let asked = 0
const waiting = new Map()

/** Has the test do what the application cannot: be its user, move the clock. */
function ask(call) {
  return (what, ...args) =>
    new Promise((resolve, reject) => {
      asked += 1
      waiting.set(asked, { resolve, reject })
      process.send({ kind: 'ask', id: asked, call, what, args })
    })
}

async function run({ id, script, name, args }) {
  const functions = await import(`../scripts/${script}.mjs`)
  return await functions[name](args, ask(id))
}

/** Errors lose what they say on the way to another process, so they go as plain data. */
function plain(value, depth = 0) {
  if (Array.isArray(value)) return value.map((each) => plain(each, depth))
  if (typeof value !== 'object' || value === null || depth > 3) return value
  const names = value instanceof Error ? ['name', 'message', ...Object.keys(value)] : Object.keys(value)
  return Object.fromEntries(names.map((name) => [name, plain(value[name], depth + 1)]))
}

async function answer(message) {
  for (const [host, port] of Object.entries(message.routes ?? {})) routes.set(host, port)
  try {
    return { value: await run(message) }
  } catch (error) {
    return { error: { ...plain(error), name: error.name, class: error.constructor.name } }
  }
}

process.on('message', async (message) => {
  if (message.kind === 'call') {
    const outcome = await answer(message)
    process.send({ kind: 'done', id: message.id, escaped: escaped.splice(0), ...outcome })
    return
  }
  const { resolve, reject } = waiting.get(message.id)
  waiting.delete(message.id)
  if (message.error === undefined) resolve(message.value)
  else reject(new Error(message.error))
})
process.once('disconnect', () => process.exit())
