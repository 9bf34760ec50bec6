import { OPENID_SCOPES } from '../protocol/standard_claims.ts'
import { checkClientAlgs } from './check_client_algs.ts'
import { checkClientLogin } from './check_client_login.ts'
import { checkClientTls } from './check_client_tls.ts'
import { checkFederation } from './check_federation.ts'
import {
  type CheckContext,
  checkAlg,
  checkFile,
  type DraftClient,
  duplicates,
  lacks,
  type PathIn,
  PUBLIC_KEYS,
  SECRETS,
  type TenantView,
} from './check_rules.ts'
import type { PathKey } from './problem.ts'

const NEEDS_PUBLIC_KEY: ReadonlySet<string> = new Set(['private_key_jwt', 'self_signed_tls_client_auth'])

/** What the resources of a tenant declare; empty when they declare nothing, and then everything is allowed. */
interface Declared {
  readonly identifiers: ReadonlySet<string>
  readonly scopes: ReadonlySet<string>
}

/** Clients of one tenant: told apart by client_id, with the credentials they need, pointing at things that exist. */
export function checkClients(at: TenantView, cx: CheckContext): void {
  const clients = at.tenant.clients ?? []
  const declared = declaredBy(at)
  const ids = clients.map((client) => client?.client_id)
  duplicates(ids, [...at.path, 'clients', 'client_id'], cx)
  for (let index = 0; index < clients.length; index++) {
    const client = clients[index]
    if (client === undefined) continue
    const pathIn: PathIn = (...keys) => [...at.path, 'clients', index, ...keys]
    oneSecret(client, pathIn, cx)
    oneCertificate(client, pathIn, cx)
    missingCredential(client, pathIn, cx)
    checkFile(client.client_secret_file, () => pathIn('client_secret_file'), cx)
    checkFile(client.certificate_file, () => pathIn('certificate_file'), cx)
    const undeclared = cx.names.undeclared?.[at.dialect ?? '']
    checkAudience(client, { pathIn, known: declared.identifiers, also: undeclared?.isResource }, cx)
    checkScope(client, { pathIn, known: declared.scopes, also: undeclared?.isScope }, cx)
    checkAlg(client.access_token?.signing_alg, () => pathIn('access_token', 'signing_alg'), at, cx)
    const signedResponse = 'introspection_signed_response_alg'
    checkAlg(client[signedResponse], () => pathIn(signedResponse), at, cx)
    checkClientLogin(client, pathIn, cx)
    checkClientAlgs(client, { pathIn, at }, cx)
    checkClientTls(client, pathIn, cx)
    checkFederation(client, pathIn, cx)
  }
}

/** A resource whose own lines are wrong may have declared anything: then nothing is held against it. */
function declaredBy({ tenant, scopes: own }: TenantView): Declared {
  const resources = tenant.resources ?? []
  const identifiers = resources.flatMap((resource) =>
    resource?.id ? [resource.identifier, resource.id] : resource?.identifier,
  )
  const scopes = allOf(resources.flatMap((resource) => resource?.scopes ?? [undefined]))
  const isOpen = scopes.size === 0 || own === undefined
  return { identifiers: allOf(identifiers), scopes: isOpen ? new Set() : new Set([...scopes, ...own]) }
}

function allOf(values: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(values.includes(undefined) ? [] : (values as readonly string[]))
}

function oneSecret(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const { client_secret, client_secret_file, secrets } = client
  if (
    Number(client_secret !== undefined) +
      Number(client_secret_file !== undefined) +
      Number(secrets !== undefined) <
    2
  )
    return
  const [first, second] = SECRETS.filter((key) => client[key] !== undefined)
  const message = `give one of ${SECRETS.join(', ')}, not ${first} and ${second}`
  cx.findings.push({ path: pathIn(String(second)), at: 'key', message })
}

function oneCertificate(
  { certificate, certificate_file }: DraftClient,
  pathIn: PathIn,
  cx: CheckContext,
): void {
  if (certificate === undefined || certificate_file === undefined) return
  const message = 'give certificate or certificate_file, not both'
  cx.findings.push({ path: pathIn('certificate_file'), at: 'key', message })
}

/** A key that is there but wrong is `undefined` in the draft, yet present: it is not missing. */
function missingCredential(client: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  const method = client.token_endpoint_auth_method
  if (method === undefined) return
  const path = (): readonly PathKey[] => pathIn('token_endpoint_auth_method')
  if (method.startsWith('client_secret_') && lacks(client, SECRETS)) {
    cx.findings.push({
      path: path(),
      message: `${method} needs client_secret, client_secret_file or secrets`,
    })
  }
  if (NEEDS_PUBLIC_KEY.has(method) && lacks(client, PUBLIC_KEYS) && !isVouchedFor(client)) {
    cx.findings.push({
      path: path(),
      message: `${method} needs jwks, jwks_uri, certificate or certificate_file`,
    })
  }
}

/** Whom others vouch for needs no key of its own. */
function isVouchedFor(client: DraftClient): boolean {
  const { token_endpoint_auth_method: method, federated_credentials: vouched } = client
  return method === 'private_key_jwt' && 'federated_credentials' in client && vouched?.length !== 0
}

interface Reference {
  readonly pathIn: PathIn
  readonly known: ReadonlySet<string>
  /** Whether a name needs no declaration. */
  readonly also?: ((name: string) => boolean) | undefined
}

function checkAudience(
  { audience }: DraftClient,
  { pathIn, known, also }: Reference,
  cx: CheckContext,
): void {
  if (audience === undefined || known.size === 0) return
  const report = (name: string | undefined, path: () => readonly PathKey[]): void => {
    if (name === undefined || known.has(name) || also?.(name)) return
    const message = `no resource ${name} is declared`
    cx.findings.push({ path: path(), message, name, among: known, list: 'declared' })
  }
  if (typeof audience === 'string') report(audience, () => pathIn('audience'))
  else for (const [index, name] of audience.entries()) report(name, () => pathIn('audience', index))
}

function checkScope({ scope }: DraftClient, { pathIn, known, also }: Reference, cx: CheckContext): void {
  if (!scope || known.size === 0) return
  for (const name of scope.split(' ')) {
    if (known.has(name) || OPENID_SCOPES.includes(name) || also?.(name)) continue
    const message = `no resource declares the scope ${name}`
    cx.findings.push({ path: pathIn('scope'), message, name, among: known, list: 'declared' })
  }
}
