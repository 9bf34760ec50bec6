import { shown } from '../../protocol/errors.ts'
import { isAnswer } from './ask.ts'
import { type Check, info, type Metadata, ok, type Remark, wrong } from './check.ts'
import { callable } from './issuer_text.ts'

/** What a member must be. */
const KINDS = {
  url: [
    'an http or https URL',
    (value: unknown) => typeof value === 'string' && callable(value) !== undefined,
  ],
  list: [
    'a list of strings',
    (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  ],
  text: ['a string', (value: unknown) => typeof value === 'string'],
} as const satisfies Record<string, readonly [string, (value: unknown) => boolean]>

type Kind = keyof typeof KINDS

interface At {
  readonly metadata: Metadata
  /** Found where OpenID Connect has it, and not only where OAuth does. */
  readonly isOpenId: boolean
}

const always = () => true
const forOpenId = ({ isOpenId }: At) => isOpenId

/** The REQUIRED members, and for whom they are. @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2 */
const REQUIRED: readonly (readonly [member: string, kind: Kind, isNeeded: (at: At) => boolean])[] = [
  ['issuer', 'text', always],
  ['authorization_endpoint', 'url', ({ metadata }) => uses(metadata, ['authorization_code', 'implicit'])],
  ['token_endpoint', 'url', ({ metadata }) => !usesOnly(metadata, 'implicit')],
  ['jwks_uri', 'url', forOpenId],
  ['response_types_supported', 'list', always],
  ['subject_types_supported', 'list', forOpenId],
  ['id_token_signing_alg_values_supported', 'list', forOpenId],
]

const OPTIONAL: readonly (readonly [member: string, kind: Kind])[] = [
  ['userinfo_endpoint', 'url'],
  ['introspection_endpoint', 'url'],
  ['revocation_endpoint', 'url'],
  ['end_session_endpoint', 'url'],
  ['registration_endpoint', 'url'],
  ['device_authorization_endpoint', 'url'],
  ['pushed_authorization_request_endpoint', 'url'],
  ['scopes_supported', 'list'],
  ['grant_types_supported', 'list'],
  ['token_endpoint_auth_methods_supported', 'list'],
  ['code_challenge_methods_supported', 'list'],
]

/**
 * The members that clients need, and their types.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export const metadata: Check = {
  name: 'members',
  look({ metadata, discovery }) {
    if (metadata === undefined) return []
    const at = { metadata, isOpenId: isAnswer(discovery) && discovery.status === 200 }
    const missing = REQUIRED.filter(
      ([member, , isNeeded]) => metadata[member] === undefined && isNeeded(at),
    ).map(([member]) => member)
    const remarks: Remark[] = [...REQUIRED, ...OPTIONAL].flatMap(([member, kind]) => {
      const value = metadata[member]
      const [expected, fits] = KINDS[kind]
      return value === undefined || fits(value)
        ? []
        : [wrong(`${member} is ${shown(value)}, expected ${expected}`, `have the provider correct ${member}`)]
    })
    if (missing.length > 0)
      remarks.unshift(
        wrong(
          `the metadata has no ${missing.join(', no ')}, which OpenID Connect Discovery requires`,
          `have the provider add ${missing.join(', ')}`,
        ),
      )
    if (remarks.length > 0) return remarks
    return isVerifiedOnly(metadata)
      ? [info('no endpoint gives tokens: there is nothing but keys to verify them with')]
      : [ok('all that are required are there')]
  },
}

/** Absent means the code and the implicit grant, but of a provider that has no endpoint for either. */
function grantsOf(metadata: Metadata): readonly unknown[] {
  const { grant_types_supported: grants, authorization_endpoint, token_endpoint } = metadata
  if (Array.isArray(grants)) return grants
  return isVerifiedOnly({ authorization_endpoint, token_endpoint }) ? [] : ['authorization_code', 'implicit']
}

/** Platforms hand tokens to what runs on them; others only verify those. */
function isVerifiedOnly({ authorization_endpoint, token_endpoint }: Metadata): boolean {
  return authorization_endpoint === undefined && token_endpoint === undefined
}

function uses(metadata: Metadata, names: readonly string[]): boolean {
  return grantsOf(metadata).some((grant) => names.includes(grant as string))
}

function usesOnly(metadata: Metadata, name: string): boolean {
  return grantsOf(metadata).every((grant) => grant === name)
}
