/** A place where managed identity tokens are given: the order is the same everywhere, a source says what is its own. */
import type { Tenant } from '../context.ts'
import type { OAuthError } from '../protocol/errors.ts'
import { type Json, membersOf } from '../protocol/json.ts'
import { json, NO_STORE, type Request } from '../protocol/messages.ts'
import type { Params } from '../protocol/params.ts'
import type { CloudService, Visited } from './cloud_service.ts'
import { chooseIdentity, hasIdentities, type Identity, SELECTORS, type Selectors } from './identity.ts'
import { assertReached, refusalHeaders, resourceIn, sourcePath, tenantsAt } from './identity_request.ts'
import { type IdentityToken, identityToken } from './identity_token.ts'

type Body = Readonly<Record<string, Json>>

/** The tenants whose identities the caller may be, and by what a request selects one. */
interface Proved {
  readonly tenants: readonly Tenant[]
  readonly selectors?: Selectors
}

interface Source {
  readonly name: string
  readonly path: string
  readonly method?: 'GET' | 'POST'
  /** Whether the caller may ask here at all. @throws OAuthError identity.* */
  prove(request: Request, tenants: readonly Tenant[]): Proved
  /** Where the resource stands; the query without this. */
  resource?(request: Request): Params
  /** Where the selector stands; the query without this. */
  selector?: Params
  /** What the caller has to prove of the identity that it selected. @throws OAuthError identity.* */
  confirm?(request: Request, identity: Identity): void
  body(token: IdentityToken, selector: Readonly<Record<string, string>>): Body
  /** Its form of a refusal. */
  refusal(error: OAuthError, at: Visited): Body
  headers?(error: OAuthError): Readonly<Record<string, string>>
}

/** The service at which a source answers. */
export function identitySource(source: Source): CloudService {
  const { name, path, method = 'GET' } = source
  return {
    name,
    methods: [method],
    path: sourcePath(path),
    serves: hasIdentities,
    async answer(request, at) {
      assertReached(request, at)
      const { tenants, selectors = SELECTORS } = source.prove(request, tenantsAt(at))
      const resource = resourceIn(source.resource?.(request) ?? request.query)
      const chosen = chooseIdentity(source.selector ?? request.query, selectors, tenants)
      source.confirm?.(request, chosen.identity)
      const token = await identityToken(chosen, resource, { request, at })
      return json(200, membersOf(source.body(token, chosen.selector)), NO_STORE)
    },
    refuse(error, _request, at) {
      const headers = { ...refusalHeaders(error), ...source.headers?.(error) }
      return json(error.status, membersOf(source.refusal(error, at)), headers)
    },
  }
}
