/** How much memory a transaction takes, about: lengths are added up, nothing is written out for it. */
import type { Transaction } from '../context.ts'
import type { Members } from '../protocol/json.ts'
import type { Body, EndpointResponse } from '../protocol/messages.ts'
import type { Params } from '../protocol/params.ts'

/** What every transaction takes, however little came: objects, maps, a URL. */
const LEAST = 2048

/** A member or parameter beside its text. */
const EACH = 64

/** A JSON value takes more than its text does: a list of empty lists, for one. */
const JSON_FACTOR = 8

/** Where a client does not say how long its JSON is, it is taken to be as long as it may be. */
const LONGEST_BODY = 64 * 1024

/** Bytes, about. */
export function sizeOf({ url, request, response, exchange }: Transaction): number {
  const { headers, query, body, certificate } = request
  let size = LEAST + url.length + textOf(headers) + paramsSize(query) + bodySize(body, headers)
  size += textOf(response.headers) + responseSize(response.body) + (certificate?.der.length ?? 0)
  for (const { header, claims } of exchange.issued ?? []) size += EACH * (header.length + claims.length)
  return size
}

function textOf(headers: Readonly<Record<string, string | undefined>>): number {
  let size = 0
  for (const name in headers) size += EACH + (headers[name]?.length ?? 0)
  return size
}

function paramsSize(params: Params): number {
  let size = 0
  for (const [name, values] of params) {
    size += EACH + name.length
    for (const value of values) size += EACH + value.length
  }
  return size
}

function bodySize(body: Body, headers: Readonly<Record<string, string | undefined>>): number {
  if (body.kind === 'form') return paramsSize(body.params)
  if (body.kind === 'other') return body.text.length
  if (body.kind === 'none') return 0
  const length = Number(headers['content-length'])
  return JSON_FACTOR * (length > 0 ? Math.min(length, LONGEST_BODY) : LONGEST_BODY)
}

function responseSize(body: EndpointResponse['body']): number {
  if (body === null) return 0
  return typeof body === 'string' ? body.length : membersSize(body)
}

/** Not into objects and lists: those belong to the configuration and to documents that are kept anyway. */
function membersSize(members: Members): number {
  let size = 0
  for (const { value } of members) size += EACH + (typeof value === 'string' ? value.length : EACH)
  return size
}
