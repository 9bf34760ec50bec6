/** A provider with clients of each kind, and where it may send a browser. */
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { REGISTERED } from './hostile_uris.ts'

export type ClientId = keyof typeof REGISTERED
export const CLIENTS = Object.keys(REGISTERED) as ClientId[]

export async function startSite(strictness: 'strict' | 'lax'): Promise<StartedIdp> {
  return await startIdp({
    strictness,
    users: [{ username: 'alice' }],
    clients: CLIENTS.map((client_id) => ({
      client_id,
      client_secret: 's3cret',
      grant_types: ['authorization_code', 'implicit'] as const,
      redirect_uris: REGISTERED[client_id],
      post_logout_redirect_uris: REGISTERED[client_id],
    })) as never,
  })
}

export interface Came {
  readonly status: number
  readonly location: string | null
  readonly headers: Headers
  readonly html: string
}

export async function send(url: string, options: RequestInit = {}): Promise<Came> {
  const { status, headers, ...response } = await fetch(url, { ...options, redirect: 'manual' }).then(
    async (answer) => ({ status: answer.status, headers: answer.headers, html: await answer.text() }),
  )
  return { status, headers, location: headers.get('location'), html: response.html }
}

/** An authorization request, as a browser in which nobody is signed in sends it. */
export async function ask(
  issuer: string,
  params: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<Came> {
  const body = new URLSearchParams({ response_type: 'code', scope: 'openid', nonce: 'n', ...params })
  return method === 'GET'
    ? send(`${issuer}/authorize?${body}`)
    : send(`${issuer}/authorize`, { method, body })
}

/** Elements that lead on, by themselves or at a click. */
export const LEADS_ON = /<(form|script|iframe|img|a|link|meta http-equiv)\b[^>]*>/i

/** What is wrong with an answer that must be a page that leads nowhere. */
export function fault({ status, location, html }: Came): string | undefined {
  if (location !== null) return `it goes to ${location}`
  if (status !== 400) return `its status is ${status}`
  if (!html.includes('The redirect URI is not registered')) return 'the page does not say what is wrong'
  return LEADS_ON.exec(html)?.[0]
}

/** Whether this is a URI that the client registered, or one of them at another port of this machine. */
export function isRegistered(uri: string, client_id: ClientId): boolean {
  return REGISTERED[client_id].includes(uri) || (client_id === 'desktop' && isAtAnotherPort(uri))
}

/** Judged by a parsed URL, other than the provider does it. */
function isAtAnotherPort(uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { port, href, hostname } = new URL(uri)
  const digits = port === '' ? '' : `:${port}`
  return REGISTERED.desktop.some((registered) => {
    const same = registered.replace(':3000', digits)
    return href === same && uri.startsWith(`http://${hostname}`)
  })
}

/** Whether a browser is sent to a URI of the client with an answer appended, and to no other. */
export function isAnswer(location: string, client_id: ClientId): boolean {
  if (!/^[\x21-\x7e]+$/.test(location)) return false
  const ends = [...location.matchAll(/[?&#]/g)].map(({ index }) => index)
  return ends.some((end) => {
    const [uri, mark] = [location.slice(0, end), location[end]]
    return isRegistered(uri, client_id) && (mark === '#' || mark === (uri.includes('?') ? '&' : '?'))
  })
}

/** A page of the provider itself, by a relative reference. */
export const OWN_PAGE = /^(?:login|consent|logout\/confirm)\?interaction=[\w-]{43}$/
