/** What a request has in common with others of the same login: codes, tokens and the like, which never leave this room. */
import { formOf } from '../protocol/messages.ts'
import { type Params, parseForm } from '../protocol/params.ts'
import type { Recorded } from '../record/entry.ts'
import { fieldsIn } from '../record/shown_text.ts'

/**
 * By the names of parameters and members. Not `state`: a client that sends the same one each time would have all its
 * logins in one.
 */
const KINDS: Readonly<Record<string, string>> = {
  code: 'code',
  interaction: 'interaction',
  device_code: 'device',
  user_code: 'user code',
  access_token: 'token',
  refresh_token: 'token',
  id_token: 'token',
  id_token_hint: 'token',
  token: 'token',
  subject_token: 'token',
  assertion: 'token',
}

/** What an answer's JSON members can be: in errors, `code` is something else. */
const MEMBERS = ['access_token', 'refresh_token', 'id_token', 'device_code', 'user_code']

/** Longer texts are pages that hold no token. */
const MOST_TEXT = 65_536

type Named = readonly [name: string, value: string]

/** The traces of a request and its answer. */
export function tracesOf(entry: Recorded): readonly string[] {
  const found = [...inRequest(entry), ...inResponse(entry)].flatMap(([name, value]) => {
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
    return kind === undefined || value === '' ? [] : [`${kind} ${written(kind, value)}`]
  })
  return [...new Set(found)]
}

/** People type it in either case, with dashes or without. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-6.1 */
function written(kind: string, value: string): string {
  return kind === 'user code' ? value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') : value
}

function inRequest({ request, exchange }: Recorded): readonly Named[] {
  const bearer = /^(?:Bearer|DPoP)\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  const params = [request.query, formOf(request), exchange.params].flatMap(pairs)
  return bearer === undefined ? params : [...params, ['access_token', bearer]]
}

function pairs(params: Params | undefined): readonly Named[] {
  return [...(params ?? [])].flatMap(([name, values]) => values.map((value): Named => [name, value]))
}

function inResponse({ response: { headers, body } }: Recorded): readonly Named[] {
  const sentOn = (headers['location'] ?? '').split(/[?#]/).slice(1).flatMap(pairsIn)
  if (typeof body === 'string') return [...sentOn, ...(isPage(body) ? fieldsIn(body) : [])]
  const members = (body ?? []).flatMap(({ name, value }): readonly Named[] =>
    typeof value === 'string' && MEMBERS.includes(name) ? [[name, value]] : [],
  )
  return [...sentOn, ...members]
}

function isPage(body: string): boolean {
  return body.startsWith('<') && body.length <= MOST_TEXT
}

function pairsIn(text: string): readonly Named[] {
  try {
    return pairs(parseForm(text))
  } catch {
    return []
  }
}
