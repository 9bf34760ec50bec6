/** The record as an HTTP archive, which browsers and many tools open. @see http://www.softwareishard.com/blog/har-12-spec/ */
import { STATUS_CODES } from 'node:http'
import { instant, timestamp } from '../clock.ts'
import type { Json } from '../protocol/json.ts'
import type { RequestView, ShownBody } from './view.ts'

type Pair = { readonly name: string; readonly value: string }
type Values = { readonly [name: string]: string | readonly string[] }

/** Node and browsers alike speak it here. */
const HTTP_VERSION = 'HTTP/1.1'

/** The size is not known: the headers are not remembered as bytes. */
const UNKNOWN = -1

export function har(views: readonly RequestView[], version: string): Json {
  const creator = { name: 'idp-double', version }
  return { log: { version: '1.2', creator, pages: [], entries: views.map(entryOf) } }
}

function entryOf(view: RequestView): Json {
  const { seq, time, endpoint, tenant, client_id, outcome, reason, description } = view
  const ms = Math.max(0, view.ms)
  const own = { _tenant: tenant, _client_id: client_id, _outcome: outcome, _reason: reason }
  return {
    startedDateTime: timestamp(instant(time).getTime() - ms),
    time: ms,
    request: requestOf(view),
    response: responseOf(view),
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    ...(description !== undefined && { comment: description }),
    ...{ _seq: seq, _endpoint: endpoint },
    ...Object.fromEntries(
      Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
  }
}

function requestOf({ method, url, request }: RequestView): Json {
  const { headers, query, body } = request
  const data = postData(body, headers['content-type'])
  return {
    ...{ method, url: url.split('#')[0] as string, httpVersion: HTTP_VERSION },
    cookies: cookiesIn(headers['cookie']),
    headers: pairs(headers),
    queryString: pairs(query),
    ...(data !== undefined && { postData: data }),
    ...{ headersSize: UNKNOWN, bodySize: data === undefined ? 0 : UNKNOWN },
  }
}

/** Parameters or text, not both. */
function postData({ form, json, text }: ShownBody, type: string | undefined): Json | undefined {
  if (form !== undefined)
    return { mimeType: type ?? 'application/x-www-form-urlencoded', params: pairs(form) }
  if (json !== undefined) return { mimeType: type ?? 'application/json', text: JSON.stringify(json) }
  return text === undefined ? undefined : { mimeType: type ?? '', text }
}

function responseOf({ response }: RequestView): Json {
  const { status, headers, body } = response
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const size = body === null ? 0 : Buffer.byteLength(text)
  const json = body === null ? '' : 'application/json; charset=utf-8'
  const mimeType = headers['content-type'] ?? json
  return {
    ...{ status, statusText: STATUS_CODES[status] ?? '', httpVersion: HTTP_VERSION },
    cookies: cookiesIn(headers['set-cookie']?.split(';')[0]),
    headers: pairs(headers),
    content: { size, mimeType, ...(body !== null && { text }) },
    redirectURL: headers['location'] ?? '',
    ...{ headersSize: UNKNOWN, bodySize: size },
  }
}

function pairs(values: Values): Pair[] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((each) => ({ name, value: each })),
  )
}

function cookiesIn(header: string | undefined): Pair[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const [, name, value] = /^\s*([^=]+)=(.*)$/s.exec(pair) ?? []
    return name === undefined || value === undefined ? [] : [{ name, value }]
  })
}
