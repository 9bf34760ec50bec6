/** Whose users an application is for, where tenants know each other. @see https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation */
import type { ClientConfig, Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'
import { homeOf } from './home.ts'
import type { Login } from './login.ts'

type Audience = NonNullable<ClientConfig['entra']>['sign_in_audience']

/** An address of several tenants by whose users they are, or of one. */
type Kind = 'all' | 'organizations' | 'personal' | 'an organization' | 'the personal one'

interface Rule {
  /** The addresses where it can be used. */
  readonly admits: readonly Kind[]
  readonly otherwise: Reason
}

const RULES: Readonly<Record<Audience, Rule>> = {
  // Other tenants than its own do not know it.
  AzureADMyOrg: { admits: ['an organization', 'the personal one'], otherwise: 'client.single_tenant' },
  AzureADMultipleOrgs: {
    admits: ['all', 'organizations', 'an organization'],
    otherwise: 'client.organizations_only',
  },
  AzureADandPersonalMicrosoftAccount: {
    admits: ['all', 'organizations', 'personal', 'an organization', 'the personal one'],
    otherwise: 'client.single_tenant',
  },
  PersonalMicrosoftAccount: { admits: ['personal', 'the personal one'], otherwise: 'client.personal_only' },
}

/** Undefined where no tenant knows of others. */
function kindOf({ id, name, homes, dialect: { cloud } }: Context['tenant']): Kind | undefined {
  if (cloud === undefined) return undefined
  if (homes !== undefined) return cloud.realms[name]
  return id === cloud.personal ? 'the personal one' : 'an organization'
}

function audienceOf({ entra }: ClientConfig): Audience {
  return entra?.sign_in_audience ?? 'AzureADandPersonalMicrosoftAccount'
}

/** Where a request goes instead. */
const PLACES: Readonly<Record<Audience, string>> = {
  AzureADMyOrg: 'the address of its own tenant',
  AzureADMultipleOrgs: 'the address of a tenant, or to organizations',
  AzureADandPersonalMicrosoftAccount: 'the address of a tenant',
  PersonalMicrosoftAccount: 'consumers',
}

/** @throws OAuthError where the address is for users whom the client is not for */
export function assertAdmitted(client: ClientConfig, { tenant }: Context): void {
  const kind = kindOf(tenant)
  const audience = audienceOf(client)
  const { admits, otherwise } = RULES[audience]
  if (kind === undefined || admits.includes(kind)) return
  const { client_id } = client
  throw new OAuthError(
    otherwise,
    `client ${client_id} has sign_in_audience ${audience}, so it cannot be used at ${tenant.path}; send the request to ${PLACES[audience]}, or change sign_in_audience`,
    { detail: { client_id, address: tenant.path } },
  )
}

/** Why whoever signed in cannot use the client: a personal account is none of an organisation. */
export function whyBarred(client: ClientConfig, login: Pick<Login, 'home'>, cx: Context): string | undefined {
  const { cloud } = cx.tenant.dialect
  if (cloud === undefined || audienceOf(client) !== 'AzureADMultipleOrgs') return undefined
  if (homeOf(login, cx).tenant.id !== cloud.personal) return undefined
  return `the user signed in has a personal account, client ${client.client_id} has sign_in_audience AzureADMultipleOrgs`
}
