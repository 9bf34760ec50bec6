import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { because, OAuthError } from '../protocol/errors.ts'
import type { Body, PeerCertificate, Request } from '../protocol/messages.ts'
import { MalformedForm, NO_PARAMS, type Params, parseForm } from '../protocol/params.ts'
import { bytesOf, type Reading } from './bytes.ts'

/** No request of a client is larger. */
const MOST_BYTES = 64 * 1024

/**
 * Reads a whole request into plain values.
 * @throws OAuthError body.too_large, body.malformed
 */
export async function readRequest(message: IncomingMessage, search: string): Promise<Request> {
  const head = readHead(message)
  const query = search === '' ? NO_PARAMS : form(search.slice(1))
  return { ...head, query, body: await readBody(message, head.contentType) }
}

/** What is known of a request before its parameters are read. */
export function readHead(message: IncomingMessage): Request {
  return {
    method: message.method ?? 'GET',
    headers: message.headers as Request['headers'],
    query: NO_PARAMS,
    body: { kind: 'none' },
    contentType: (message.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    ip: addressOf(message),
    certificate: certificateOf(message.socket as TLSSocket),
  }
}

/** The certificate that the client showed; it has proven that it holds the key, whoever issued it. */
function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  if (socket.encrypted !== true) return undefined
  const der = socket.getPeerX509Certificate()?.raw
  return der && { der, trusted: socket.authorized || String(socket.authorizationError) }
}

/** The address of whoever is connected. */
export function addressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}

async function readBody(message: IncomingMessage, contentType: string): Promise<Body> {
  if (message.method === 'GET' || message.method === 'HEAD') return { kind: 'none' }
  const text = (await bytesOf(message, READING)).toString('utf8')
  if (contentType === 'application/x-www-form-urlencoded') return { kind: 'form', params: form(text) }
  if (text === '') return { kind: 'none' }
  if (contentType === 'application/json' || contentType.endsWith('+json'))
    return { kind: 'json', value: json(text) }
  return { kind: 'other', text }
}

const READING: Reading = {
  most: MOST_BYTES,
  tooLarge: () => new OAuthError('body.too_large', `the body has more than ${MOST_BYTES} bytes`),
  broken: () => new OAuthError('body.malformed', 'the connection ended before the body did'),
}

function form(text: string): Params {
  try {
    return parseForm(text)
  } catch (cause) {
    if (cause instanceof MalformedForm) throw because(cause, 'body.malformed', cause.message)
    throw cause
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw because(cause, 'body.malformed', 'the body says it is JSON, and is not')
  }
}
