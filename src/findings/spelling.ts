/** The names of parameters, and what others are hardly meant to be. */
import { Recent } from './recent.ts'

/** Of the OAuth registry and of providers; what is here is right. @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml */
const KNOWN: ReadonlySet<string> = new Set(
  `acr_values access_token actor_token actor_token_type amr_values assertion audience auth_req_id authorization_details
  binding_message claims claims_locales client_assertion client_assertion_type client_id client_info
  client_notification_token client_secret code code_challenge code_challenge_method code_verifier connection
  device_code display domain_hint dpop_jkt error error_description grant_type id_token id_token_hint
  instance_aware interval iss kc_idp_hint login_hint login_hint_token logout_hint max_age nonce organization
  password post_logout_redirect_uri prompt redirect_uri refresh_token registration request request_uri
  requested_expiry requested_token_type requested_token_use resource response response_mode response_type scope
  session_state sso_reload state subject_token subject_token_type tenant token token_type_hint ui_locales
  user_code username`.split(/\s+/),
)

/** Shorter names are too easily like one another. */
const SHORTEST = 5
const LONGEST = 40

/** Without what people write in other ways: `clientId`, `client-id`, `redirect_url`. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/url$/, 'uri')
}

const PLAIN: ReadonlyMap<string, string> = new Map([...KNOWN].map((name) => [plain(name), name]))

/** Finds the known parameter that an unknown one is like; each name is looked at once. */
export function misspelt(): (name: string) => string | undefined {
  const found = new Recent<string>()
  return (name) => {
    // What is much longer is like none, and is not worth remembering.
    if (name.length > LONGEST || KNOWN.has(name)) return undefined
    const before = found.get(name)
    if (before !== undefined) return before === '' ? undefined : before
    const known = like(name)
    found.set(name, known ?? '')
    return known
  }
}

function like(name: string): string | undefined {
  const came = plain(name)
  const same = PLAIN.get(came)
  if (same !== undefined || came.length < SHORTEST) return same
  for (const [each, known] of PLAIN) if (each.length >= SHORTEST && isOneStepFrom(each, came)) return known
  return undefined
}

/** Whether one letter more, less or other makes the two the same. */
function isOneStepFrom(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  if (long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1)
}
