/**
 * Keeps this process on this machine: a name or address elsewhere is not found, as without a network, and is noted down.
 * A host that a test has routed leads to the port that it said.
 */
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** Who would have been called: `login.microsoftonline.com:443`. */
export const escaped = []

/** Host name in lower case, and the local port that it stands for. */
export const routes = new Map()

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/

const connect = net.Socket.prototype.connect

net.Socket.prototype.connect = function connectOnlyHere(...args) {
  const target = targetOf(args)
  // A socket in the file system; Node's own requests have null there.
  if (typeof target.path === 'string') return connect.apply(this, args)
  const host = String(target.host ?? 'localhost').toLowerCase()
  const port = routes.get(host)
  if (port !== undefined) return connect.call(this, { ...target, host: '127.0.0.1', port }, listenerOf(args))
  if (LOOPBACK.test(host)) return connect.apply(this, args)
  escaped.push(`${host}:${target.port}`)
  process.nextTick(() => this.destroy(notFound(host)))
  return this
}

/** Node has its arguments in order already when it calls itself: an array of options and listener. */
function targetOf([first, second]) {
  if (Array.isArray(first)) return first[0]
  return typeof first === 'object' ? first : { port: first, host: second }
}

function listenerOf(args) {
  return (Array.isArray(args[0]) ? args[0] : args).find((each) => typeof each === 'function')
}

function notFound(hostname) {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', hostname })
}

const lookup = dns.lookup

dns.lookup = (hostname, ...rest) => {
  if (LOOPBACK.test(hostname)) return lookup(hostname, ...rest)
  escaped.push(hostname)
  process.nextTick(rest.at(-1), notFound(hostname))
}
syncBuiltinESMExports()
