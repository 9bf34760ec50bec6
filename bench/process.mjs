// Starts servers and asks them, the way a test suite would.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'

export const root = path.dirname(import.meta.dirname)
export const work = fs.mkdtempSync(path.join(os.tmpdir(), 'idp-double-bench-'))
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }))

const DEADLINE_MS = 60_000

/** Node 20 reads this file at every start, 30 ms of it; and our own variables would change what is measured. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'UV_THREADPOOL_SIZE'].includes(name) &&
      !name.startsWith('IDP_DOUBLE_'),
  ),
)

/** Starts node with these arguments; the first URL that the child prints is where it listens. */
export async function start(args, { cwd = root } = {}) {
  const began = performance.now()
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    if (errors.length < 10_000) errors += chunk
  })
  const url = await new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(
      () => reject(new Error(`${args[0]} printed no URL: ${text}${errors}`)),
      DEADLINE_MS,
    )
    child.stdout.on('data', (chunk) => {
      if (text === undefined) return
      text += chunk
      const found = /https?:\/\/[^\s'"]+(?=[\s'"])/.exec(text)?.[0]
      if (found === undefined) return
      text = undefined
      clearTimeout(timer)
      resolve(found)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`${args[0]} ended with ${code}: ${errors.slice(0, 2000)}`))
    })
  })
  const ended = once(child, 'exit')
  return {
    url,
    pid: child.pid,
    began,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Runs node to its end. */
export async function run(args, { input = '' } = {}) {
  const began = performance.now()
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  const text = []
  child.stdout.on('data', (chunk) => text.push(chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`node ${args.join(' ').slice(0, 200)} ended with ${code}`)
  return { elapsed: performance.now() - began, text: Buffer.concat(text).toString('utf8') }
}

/** One form post; rejects unless it is answered with 200. */
function post(url, { body, headers = {}, agent }) {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body)
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': length }
    const request = http.request(
      url,
      { method: 'POST', agent, headers: { ...type, ...headers } },
      (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`${url} answered ${response.statusCode}: ${text}`))
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Milliseconds from the spawn to the first token. */
export async function firstToken(subject) {
  const server = await start(subject.args)
  try {
    await post(subject.tokenUrl(server.url), subject.request)
    return performance.now() - server.began
  } finally {
    await server.stop()
  }
}

/** What a process holds in memory, in bytes; Linux only, undefined elsewhere. */
export function residentBytes(pid) {
  const status = `/proc/${pid}/status`
  if (!fs.existsSync(status)) return undefined
  return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(status, 'utf8'))[1]) * 1024
}
