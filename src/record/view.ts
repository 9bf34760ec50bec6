/** What is shown of a remembered request. It is made when somebody looks, and secrets stay out of it unless wanted. */
import { timestamp } from '../clock.ts'
import type { Note } from '../context.ts'
import type { Json } from '../protocol/json.ts'
import type { EndpointResponse, Request } from '../protocol/messages.ts'
import { clientIdOf, type Outcome, outcomeOf, paramsOf, pathOf, type Recorded } from './entry.ts'
import { isSecretParam } from './secret_names.ts'
import { CLEAR, createShade, type Shade } from './shade.ts'
import { shownHeaders } from './shown_headers.ts'
import { type ShownParams, shownJson, shownMembers, shownParams } from './shown_json.ts'
import { shownPage, shownUrl } from './shown_text.ts'
import { type ShownToken, shownTokens } from './tokens.ts'

export interface ViewOptions {
  readonly secrets: 'mask' | 'show'
  /** Of the journal: equal values have equal marks within it. */
  readonly salt: string
}

/** At most one of the three; none where no body came. */
export type ShownBody = { readonly form?: ShownParams; readonly json?: Json; readonly text?: string }

export type RequestView = {
  readonly seq: number
  /** By the tenant's clock, when the answer was ready. */
  readonly time: string
  readonly ms: number
  readonly method: string
  readonly url: string
  readonly path: string
  readonly endpoint: string
  readonly tenant: string
  readonly client_id?: string
  readonly auth_method?: string
  readonly grant_type?: string
  readonly user?: string
  readonly status: number
  readonly outcome: Outcome
  readonly reason?: string
  readonly description?: string
  /** What a test had said of the login. */
  readonly directed?: string
  readonly notes: readonly { readonly level: string; readonly check: string; readonly text: string }[]
  readonly trouble: readonly string[]
  readonly request: {
    readonly headers: { readonly [name: string]: string }
    readonly query: ShownParams
    /** As the endpoint understood them, under their RFC names, with those of a request object. */
    readonly params: ShownParams
    readonly body: ShownBody
  }
  readonly response: {
    readonly status: number
    readonly headers: { readonly [name: string]: string }
    readonly body: Json
  }
  readonly tokens: readonly ShownToken[]
}

/** One request with its answer, as plain JSON. */
export function view(entry: Recorded, { secrets, salt }: ViewOptions): RequestView {
  const shade = secrets === 'show' ? CLEAR : shadeFor(entry, salt)
  return { ...rendered(entry, shade), tokens: shownTokens(entry, shade) }
}

/** What knows every secret of a transaction. */
function shadeFor(entry: Recorded, salt: string): Shade {
  const { client_id, user, tenant, endpoint } = entry.exchange
  // A password can be the username; that a test declared is no secret.
  return createShade({
    salt,
    known: [client_id, user, tenant, endpoint],
    // It learns a secret where that stands under its name; what repeats it may have been before.
    teach: (shade) => rendered(entry, shade),
  })
}

function rendered(entry: Recorded, shade: Shade): Omit<RequestView, 'tokens'> {
  const { seq, at, ms, url, request, response, exchange } = entry
  const { tenant, endpoint, auth_method, reason, trouble = [] } = exchange
  return {
    ...{ seq, time: timestamp(at), ms, method: request.method },
    ...{ url: shownUrl(url, shade), path: shownUrl(pathOf(entry), shade), endpoint, tenant },
    ...given({ client_id: clientIdOf(entry) }, shade),
    ...(auth_method !== undefined && { auth_method }),
    ...given({ grant_type: exchange.grant_type, user: exchange.user }, shade),
    ...{ status: response.status, outcome: outcomeOf(entry) },
    ...(reason !== undefined && { reason }),
    ...given({ description: exchange.description, directed: exchange.directed }, shade),
    notes: exchange.notes.map((note) => shownNote(note, shade)),
    trouble: trouble.map((text) => shownUrl(text, shade)),
    request: {
      headers: shownHeaders(request.headers, shade),
      query: shownParams(request.query, shade),
      params: shownParams(paramsOf(entry), shade),
      body: shownBody(request, shade),
    },
    response: shownResponse(response, shade),
  }
}

/** Texts that may repeat what came; those that there are. */
function given<Name extends string>(
  texts: Readonly<Record<Name, string | undefined>>,
  shade: Shade,
): { readonly [name in Name]?: string } {
  const pairs = Object.entries<string | undefined>(texts).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, shownUrl(text, shade)] as const],
  )
  return Object.fromEntries(pairs) as { readonly [name in Name]?: string }
}

function shownNote({ level, check, text }: Note, shade: Shade): RequestView['notes'][number] {
  return { level, check, text: shownUrl(text, shade) }
}

function shownBody({ body }: Request, shade: Shade): ShownBody {
  if (body.kind === 'form') return { form: shownParams(body.params, shade) }
  if (body.kind === 'json') return { json: shownJson(body.value, shade, isSecretParam) }
  return body.kind === 'other' ? shownText(body.text, shade) : {}
}

/** What was sent as something else than it is; what is nothing known may be a secret as a whole. */
function shownText(text: string, shade: Shade): ShownBody {
  const json = parsed(text)
  if (json !== undefined) return { json: shownJson(json, shade, isSecretParam) }
  const isForm = /^[^=&\s]+=[^\s]*$/.test(text)
  return { text: isForm ? shownUrl(text, shade) : shade.secret(text) }
}

function shownResponse({ status, headers, body }: EndpointResponse, shade: Shade): RequestView['response'] {
  const common = { status, headers: shownHeaders(headers, shade) }
  if (body === null) return { ...common, body }
  if (typeof body !== 'string') return { ...common, body: shownMembers(body, shade) }
  const json = parsed(body)
  if (json !== undefined) return { ...common, body: shownJson(json, shade) }
  return { ...common, body: body.startsWith('<') ? shownPage(body, shade) : shade.text(body) }
}

/** An object or a list; a bare word may be JSON as well, and is text to people. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
