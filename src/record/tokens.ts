/** The tokens of a transaction, decoded and not verified: what came in, what went out, what was sent to others. */
import type { Issued, Transaction } from '../context.ts'
import { isTooDeep, type Json, Literal, type Members, stringify } from '../protocol/json.ts'
import { formOf } from '../protocol/messages.ts'
import { parseForm } from '../protocol/params.ts'
import { paramsOf } from './entry.ts'
import type { Shade } from './shade.ts'
import { shownJson, shownMembers } from './shown_json.ts'
import { fieldsIn } from './shown_text.ts'
import { type ReadToken, readToken } from './token_text.ts'

/** `outbound` is what was sent to somebody else on the way, such as a logout token. */
type Place = 'request' | 'response' | 'outbound'

export type ShownToken = {
  /** What bore it: a parameter, a member, or the endpoint whose answer it is. */
  readonly name: string
  readonly where: Place
  /** Empty for an opaque token. */
  readonly header: Json
  /** Absent for an encrypted token that was not made here. */
  readonly claims?: Json
  /** Where the claims of an issued token came from, for those of which it is known. */
  readonly origins?: { readonly [claim: string]: string }
}

interface Found {
  readonly name: string
  readonly where: Place
  readonly text: string
}

type Named = readonly [name: string, text: string]

export function shownTokens(transaction: Transaction, shade: Shade): readonly ShownToken[] {
  const unmatched = [...(transaction.exchange.issued ?? [])]
  const found = distinct([...inRequest(transaction), ...inResponse(transaction)])
  const tokens = found.flatMap((each) => tokenOf(each, { unmatched, shade }) ?? [])
  const sent = unmatched.flatMap((issued) =>
    issued.typ === 'logout+jwt'
      ? issuedToken({ name: 'logout_token', where: 'outbound' }, issued, shade)
      : [],
  )
  return [...tokens, ...sent]
}

function distinct(found: readonly Found[]): readonly Found[] {
  return [...new Map(found.map((each) => [`${each.where} ${each.name} ${each.text}`, each])).values()]
}

function inRequest(transaction: Transaction): readonly Found[] {
  const { request } = transaction
  const bearer = /^(?:Bearer|DPoP)\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  const params = [request.query, formOf(request), paramsOf(transaction)].flatMap((each) => [...each])
  const named: readonly Named[] = [
    ...(bearer === undefined ? [] : [['access_token', bearer] as const]),
    ...headersOf(request.headers),
    ...params.flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ...(request.body.kind === 'json' ? namedIn('', request.body.value) : []),
  ]
  return named.map(([name, text]) => ({ name, where: 'request', text }))
}

/** Some clients have a header of their own for their token. */
function headersOf(headers: Transaction['request']['headers']): readonly Named[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value?.startsWith('e') === true ? [[name, value] as const] : [],
  )
}

function inResponse({ response, exchange }: Transaction): readonly Found[] {
  const { headers, body } = response
  const named: readonly Named[] = [
    ...locationParams(headers['location'] ?? ''),
    ...(typeof body === 'string' ? inText(body, exchange.endpoint) : inMembers(body ?? [])),
  ]
  return named.map(([name, text]) => ({ name, where: 'response', text }))
}

/** A text is a page with fields, or a token by itself. */
function inText(text: string, endpoint: string): readonly Named[] {
  return text.startsWith('<') ? fieldsIn(text) : [[endpoint, text]]
}

function inMembers(members: Members): readonly Named[] {
  return members.flatMap(({ name, value }) => (value instanceof Literal ? [] : namedIn(name, value)))
}

function namedIn(name: string, value: unknown): readonly Named[] {
  if (typeof value === 'string') return [[name, value]]
  if (typeof value !== 'object' || value === null || isTooDeep(value)) return []
  return Object.entries(value).flatMap(([key, each]) => namedIn(Array.isArray(value) ? name : key, each))
}

function locationParams(location: string): readonly Named[] {
  return location
    .split(/[?#]/)
    .slice(1)
    .flatMap((part) => pairsIn(part).flatMap(([name, values]) => values.map((value): Named => [name, value])))
}

function pairsIn(text: string): readonly (readonly [string, readonly string[]])[] {
  try {
    return [...parseForm(text)]
  } catch {
    return []
  }
}

interface Look {
  /** What was issued and has not been found in the answer yet. */
  readonly unmatched: Issued[]
  readonly shade: Shade
}

function tokenOf({ name, where, text }: Found, { unmatched, shade }: Look): ShownToken | undefined {
  const read = readToken(text)
  const issued = where === 'response' ? takeIssued(name, read, unmatched) : undefined
  if (issued !== undefined)
    return { ...issuedToken({ name, where }, issued, shade), ...headerOf(read, shade) }
  if (read === undefined) return undefined
  const claims = read.claims === undefined ? {} : { claims: shownJson(read.claims, shade) }
  return { name, where, header: shownJson(read.header, shade), ...claims }
}

function headerOf(read: ReadToken | undefined, shade: Shade): Pick<ShownToken, 'header'> | undefined {
  return read && { header: shownJson(read.header, shade) }
}

/** What this token was made of: known by its claims; where they cannot be read, by what it can be. */
function takeIssued(name: string, read: ReadToken | undefined, unmatched: Issued[]): Issued | undefined {
  const at = unmatched.findIndex(({ typ, claims }) => {
    if (read === undefined) return typ === 'opaque' && name === 'access_token'
    return read.payload === undefined ? typ === 'JWT' : read.payload === stringify(claims)
  })
  return at === -1 ? undefined : unmatched.splice(at, 1)[0]
}

function issuedToken(
  place: Pick<ShownToken, 'name' | 'where'>,
  { header, claims }: Issued,
  shade: Shade,
): ShownToken {
  const origins = claims.flatMap(({ name, from }) => (from === undefined ? [] : [[name, from] as const]))
  return {
    ...place,
    header: shownMembers(header, shade),
    claims: shownMembers(claims, shade),
    ...(origins.length > 0 && { origins: Object.fromEntries(origins) }),
  }
}
