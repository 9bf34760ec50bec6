/** Asks a provider all that the checks want to see. */
import { type Asking, ask, isAnswer, objectIn, type Reply } from './ask.ts'
import type { Metadata, Seen } from './check.ts'
import { ENDPOINTS } from './endpoints.ts'
import { isEntra } from './entra.ts'
import { callable, discoveryUrl, oauthUrl, pastedIssuer } from './issuer_text.ts'

// As a script of a page would ask, for the answer to say whether that may read it.
const FROM_PAGE = { headers: { accept: 'application/json', origin: 'http://localhost:3000' } }

/** Asks for metadata first, then at once for all that it names. */
export async function gather(given: string, asking: Asking): Promise<Seen> {
  const typed = pastedIssuer(given) ?? given
  const url = callable(typed)
  if (url === undefined) return { given, issuer: typed, endpoints: new Map() }
  const [discovery, oauth] = await Promise.all([
    ask(discoveryUrl(url), asking, FROM_PAGE),
    ask(oauthUrl(url), asking, FROM_PAGE),
  ])
  const metadata = found(discovery) ?? found(oauth)
  const issuer = given === typed ? typed : spelled(typed, metadata)
  const begun: Seen = { given, issuer, url, discovery, oauth, metadata, endpoints: new Map() }
  return metadata === undefined
    ? { ...begun, otherScheme: await overOtherScheme(url, discovery, asking) }
    : { ...begun, ...(await named(metadata, { issuer, url }, asking)) }
}

function found(reply: Reply): Metadata | undefined {
  return isAnswer(reply) && reply.status === 200 ? objectIn(reply) : undefined
}

/** A discovery URL does not tell whether the issuer ends with a slash; its metadata does. */
function spelled(typed: string, metadata: Metadata | undefined): string {
  const issuer = metadata?.['issuer']
  return issuer === `${typed}/` ? issuer : typed
}

/** Nobody speaks TLS to a port for http, and the other way round; then the other scheme gets an answer there. */
async function overOtherScheme(url: URL, reply: Reply, asking: Asking): Promise<Reply | undefined> {
  const isPuzzling = isAnswer(reply)
    ? reply.status === 400
    : /^(EPROTO|ECONNRESET|HPE_|ERR_SSL)/.test(reply.code)
  if (!isPuzzling) return undefined
  const { protocol, hostname, port, pathname } = url
  const [scheme, usual] = protocol === 'https:' ? ['http', '443'] : ['https', '80']
  return await ask(discoveryUrl(new URL(`${scheme}://${hostname}:${port || usual}${pathname}`)), asking)
}

async function named(
  metadata: Metadata,
  { issuer, url }: { readonly issuer: string; readonly url: URL },
  asking: Asking,
): Promise<Pick<Seen, 'endpoints' | 'jwks' | 'keys' | 'stated' | 'instance'>> {
  const at = (member: string) => {
    const text = metadata[member]
    return typeof text === 'string' ? text : undefined
  }
  const replies = ENDPOINTS.flatMap(({ member, method }) => {
    const target = at(member)
    return target === undefined
      ? []
      : [ask(target, asking, requestOf(method)).then((reply) => [member, reply] as const)]
  })
  const stated = at('issuer')
  const statedUrl = stated === undefined || stated === issuer ? undefined : callable(stated)
  const [jwks, elsewhere, instance, ...endpoints] = await Promise.all([
    optional(at('jwks_uri'), (target) => ask(target, asking, FROM_PAGE)),
    optional(statedUrl, (target) => ask(discoveryUrl(target), asking)),
    optional(isEntra(metadata) ? url : undefined, (target) => ask(instanceUrl(target), asking)),
    ...replies,
  ])
  return { jwks, keys: keysIn(jwks), stated: elsewhere, instance, endpoints: new Map(endpoints) }
}

async function optional<T>(target: T | undefined, then: (target: T) => Promise<Reply>) {
  return target === undefined ? undefined : await then(target)
}

/** @see https://learn.microsoft.com/en-us/entra/msal/js/common/initialization */
function instanceUrl({ origin, pathname }: URL): string {
  const endpoint = `${origin}/${pathname.split('/')[1] ?? ''}/oauth2/v2.0/authorize`
  return `${origin}/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`
}

/** Without any parameter, so that nothing can come of it but a refusal. */
function requestOf(method: 'GET' | 'POST') {
  if (method === 'GET') return { headers: { accept: 'application/json, text/html' } }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' }
  return { method, headers: { accept: 'application/json', ...headers } }
}

function keysIn(jwks: Reply | undefined): readonly Metadata[] | undefined {
  const keys = objectIn(jwks)?.['keys']
  if (!Array.isArray(keys)) return undefined
  return keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
}
