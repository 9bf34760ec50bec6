/** Requests that no well-behaved client sends, octet by octet. */
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import type { Answer } from './http.ts'

/** Sends text to a port and reads until the server closes, which `Connection: close` in the text makes it do. */
export function sendRaw(port: number, text: string | Buffer, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ port, host }, () => socket.write(text))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}

/** The status, headers and body of what came back. */
export function parseRaw(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...fields] = head.split('\r\n')
  const headers = new Headers(fields.map((field) => field.split(/: ?(.*)/).slice(0, 2) as [string, string]))
  const body = rest.join('\r\n\r\n')
  const json = /^\{.*\}$/s.test(body) ? (JSON.parse(body) as Record<string, unknown>) : {}
  return { status: Number(line.split(' ')[1]), headers, text: body, body: json }
}

interface Reached {
  readonly port: number
  readonly path: string
  readonly headers: Record<string, string>
  readonly form?: string
  /** Default: POST with a form, else GET. */
  readonly method?: string
  readonly address?: string
}

/** A request to the listener whose Host header is the caller's choice, which fetch does not allow. */
export function requestAs({ port, path, headers, form, ...rest }: Reached): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(form ?? '')) }
    const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', ...length }
    const { address: host = '127.0.0.1', method = form === undefined ? 'GET' : 'POST' } = rest
    const options = { host, port, path, method, agent: false }
    const request = httpRequest({ ...options, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
        const fields = new Headers(response.headers as Record<string, string>)
        resolve({ status: response.statusCode ?? 0, headers: fields, text, body })
      })
    })
    request.on('error', reject)
    request.end(form)
  })
}
