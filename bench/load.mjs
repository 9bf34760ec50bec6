// The load generator, a process of its own: keeps so many connections busy and counts. Its parsing is the least that
// tells one answer from the next, because it shares the machine with what it measures.
import net from 'node:net'
import { percentile } from './stats.mjs'

const HEAD_END = Buffer.from('\r\n\r\n')

/** One connection that asks again as soon as it is answered. */
function connection({ host, port, message }, answered) {
  const socket = net.connect({ host, port, noDelay: true })
  let sentAt = 0
  let rest = Buffer.alloc(0)
  const ask = () => {
    sentAt = performance.now()
    socket.write(message)
  }
  socket.on('connect', ask)
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = rest.indexOf(HEAD_END)
    if (end === -1) return
    const head = rest.toString('latin1', 0, end)
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1])
    if (rest.length < end + HEAD_END.length + length) return
    rest = rest.subarray(end + HEAD_END.length + length)
    if (answered(performance.now() - sentAt, head.startsWith('HTTP/1.1 20'))) ask()
    else socket.destroy()
  })
  return new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject))
}

const {
  url,
  method = 'POST',
  body = '',
  headers = {},
  connections,
  seconds,
  warmup,
} = JSON.parse(process.argv[2])
const { hostname, port, pathname, search, host } = new URL(url)
const length = Buffer.byteLength(body)
const fields = {
  host,
  'content-type': 'application/x-www-form-urlencoded',
  'content-length': length,
  ...headers,
}
const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
const message = Buffer.from([`${method} ${pathname}${search} HTTP/1.1`, ...lines, '', body].join('\r\n'))
const began = performance.now() + warmup * 1000
const until = began + seconds * 1000
const times = []
let errors = 0
const answered = (elapsed, isGood) => {
  const now = performance.now()
  if (now >= began && now < until) {
    times.push(elapsed)
    if (!isGood) errors += 1
  }
  return now < until
}
const target = { host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port), message }
await Promise.all(Array.from({ length: connections }, () => connection(target, answered)))
console.log(
  JSON.stringify({
    rate: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    errors,
  }),
)
