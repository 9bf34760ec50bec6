import { isIP } from 'node:net'
import { CERTIFICATE_NAMES } from '../protocol/certificate_names.ts'
import { MalformedName, parseDistinguishedName } from '../protocol/distinguished_name.ts'
import { responseTypesOf } from '../protocol/response_types.ts'
import type { CheckContext, DraftClient, PathIn } from './check_rules.ts'
import type { Config, Draft } from './schema.ts'

const BOUND = 'tls_client_certificate_bound_access_tokens'

/** What the configuration says of it, or the command line. A key that is there but wrong may have said anything. */
export function clientTlsOf({ server }: Draft<Config>, isFlagged: boolean): CheckContext['clientTls'] {
  if (server === undefined) return undefined
  if (!('tls' in server)) return isFlagged ? 'no CA' : 'not served'
  const ca = server.tls?.client_ca
  if (ca === undefined) return undefined
  return ca === null ? 'no CA' : 'CA'
}

/**
 * Clients with TLS certificates: one name each, and a server that asks for them.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2
 */
export function checkClientTls(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const names = CERTIFICATE_NAMES.filter((name) => name in client)
  checkNames(client, { names, pathIn }, cx)
  checkServed(client, { names, pathIn }, cx)
  if (client[BOUND] === true) checkFrontTokens(client, pathIn, cx)
}

interface At {
  /** The members that name a certificate. */
  readonly names: readonly (typeof CERTIFICATE_NAMES)[number][]
  readonly pathIn: PathIn
}

function checkNames(client: DraftClient, { names, pathIn }: At, cx: CheckContext): void {
  const method = client.token_endpoint_auth_method
  const [name, another] = names
  if (method === 'tls_client_auth' && name === undefined) {
    const message = `tls_client_auth needs one of ${CERTIFICATE_NAMES.join(', ')}`
    cx.findings.push({ path: pathIn('token_endpoint_auth_method'), message })
  }
  if (another !== undefined) {
    const message = `give one of ${CERTIFICATE_NAMES.join(', ')}, not ${name} and ${another}`
    cx.findings.push({ path: pathIn(another), at: 'key', message })
  }
  if (name !== undefined && method !== undefined && method !== 'tls_client_auth') {
    const message = `${name} is for token_endpoint_auth_method tls_client_auth, not for ${method}: remove it, or change the method`
    cx.findings.push({ path: pathIn(name), at: 'key', message })
  }
  checkSubject(client, pathIn, cx)
  checkAddress(client, pathIn, cx)
}

function checkSubject(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const key = 'tls_client_auth_subject_dn'
  try {
    if (client[key] !== undefined) parseDistinguishedName(client[key])
  } catch (error) {
    if (!(error instanceof MalformedName)) throw error
    cx.findings.push({ path: pathIn(key), message: `no distinguished name: ${error.message}` })
  }
}

function checkAddress(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const key = 'tls_client_auth_san_ip'
  const got = client[key]
  if (got === undefined || isIP(got) !== 0) return
  const expected = 'an IP address, such as 192.0.2.1 or 2001:db8::1'
  cx.findings.push({ path: pathIn(key), message: `expected ${expected}, got ${got}`, got, expected })
}

function checkServed(client: DraftClient, { names: [name], pathIn }: At, cx: CheckContext): void {
  const { token_endpoint_auth_method: method } = client
  const byCa = method === 'tls_client_auth' || (method === undefined && name !== undefined)
  const what = method?.endsWith('tls_client_auth') ? method : (name ?? (client[BOUND] ? BOUND : undefined))
  if (what === undefined) return
  const path = () => pathIn(what === method ? 'token_endpoint_auth_method' : what)
  if (cx.clientTls === 'not served') {
    const expected = byCa ? 'server: { tls: { client_ca: auto } }' : 'server: { tls: {} }'
    const message = `${what} needs https, where clients show their certificates: add ${expected}`
    cx.findings.push({ path: path(), message, got: 'no server.tls', expected })
  }
  if (cx.clientTls === 'not asked') {
    const message = `${what} needs a server that asks clients for their certificates, and this one began without: set server.tls.client_ca in its configuration, or declare such a client there`
    cx.findings.push({ path: path(), message })
  }
  if (cx.clientTls === 'no CA' && byCa) {
    const expected = 'server.tls.client_ca: auto (the CA of this provider), or a PEM file'
    const message = `${what} needs a CA whose certificates are trusted: set ${expected}`
    cx.findings.push({ path: path(), message, got: 'no server.tls.client_ca', expected })
  }
}

/** Nobody knows the certificate of a client behind a browser. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-6.4 */
function checkFrontTokens(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  // Without implicit, which nobody has by default, no response type brings one.
  const grants = (client.grant_types ?? []).filter((grant) => grant !== undefined)
  const types = client.response_types ?? responseTypesOf(grants)
  const type = types.find((each) => each?.split(' ').includes('token'))
  if (type === undefined) return
  const message = `access tokens of response type ${type} go through the browser and cannot be bound to a certificate: leave this out, or name response_types without it`
  cx.findings.push({ path: pathIn(BOUND), at: 'key', message })
}
