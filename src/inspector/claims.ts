/** What claims and header members mean, each in a sentence, with the section that says so. */

interface Meaning {
  readonly text: string
  readonly see: string
}

const CORE = 'https://openid.net/specs/openid-connect-core-1_0.html'
const RFC = (number: number, section: string) =>
  `https://www.rfc-editor.org/rfc/rfc${number}.html#section-${section}`
const STANDARD = `${CORE}#StandardClaims`
const ID_TOKEN = `${CORE}#IDToken`
const ENTRA = 'https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference'
const ENTRA_OPTIONAL = 'https://learn.microsoft.com/entra/identity-platform/optional-claims-reference'
const KEYCLOAK = 'https://www.keycloak.org/docs/latest/server_admin/#_protocol-mappers'

const means = (see: string, texts: Readonly<Record<string, string>>): readonly [string, Meaning][] =>
  Object.entries(texts).map(([name, text]) => [name, { text, see }])

const CLAIMS: ReadonlyMap<string, Meaning> = new Map([
  ...means(RFC(7519, '4.1'), {
    iss: 'Who issued the token; compare it with the configured issuer, character by character.',
    sub: 'Who the token is about; unique and never reassigned within the issuer.',
    aud: 'For whom the token is; whoever is not named here must refuse it.',
    exp: 'When it expires; not to be accepted from then on.',
    nbf: 'From when on it may be accepted.',
    iat: 'When it was issued.',
    jti: 'Identifies this very token, so that one that is used twice is found.',
  }),
  ...means(ID_TOKEN, {
    nonce: 'What the client sent along with the authorization request; binds the ID token to it.',
    auth_time: 'When the person proved who they are.',
    acr: 'How well the person was authenticated.',
    amr: 'By which methods the person was authenticated.',
    azp: 'The client to which the token was issued.',
  }),
  ...means(`${CORE}#HybridIDToken`, {
    at_hash: 'Half of the hash of the access token that came with it.',
    c_hash: 'Half of the hash of the code that came with it.',
  }),
  ...means('https://openid.net/specs/openid-financial-api-part-2-1_0.html#id-token-as-detached-signature', {
    s_hash: 'Half of the hash of the state that the client sent.',
  }),
  ...means(STANDARD, {
    name: 'The full name, for display.',
    given_name: 'The first names.',
    family_name: 'The last names.',
    middle_name: 'The middle names.',
    nickname: 'What the person is called casually.',
    preferred_username:
      'How the person wants to be referred to; neither unique nor stable, so no key for anything.',
    profile: 'The URL of a page about the person.',
    picture: 'The URL of a picture of the person.',
    website: 'The URL of the person’s own page.',
    email: 'The e-mail address; not unique, and no proof of anything unless email_verified is true.',
    email_verified: 'Whether the issuer made sure that the address is the person’s.',
    gender: 'The gender.',
    birthdate: 'The birthday, as YYYY-MM-DD.',
    zoneinfo: 'The time zone, such as Europe/Helsinki.',
    locale: 'The language, such as en-US.',
    phone_number: 'The telephone number.',
    phone_number_verified: 'Whether the issuer made sure that the number is the person’s.',
    address: 'The postal address.',
    updated_at: 'When the claims about the person were last changed.',
  }),
  ...means('https://openid.net/specs/openid-connect-frontchannel-1_0.html#OPLogout', {
    sid: 'The session at the issuer; a logout names it.',
  }),
  ...means('https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken', {
    events: 'What happened: this is a logout token.',
  }),
  ...means(RFC(9068, '2.2'), {
    client_id: 'The client to which the access token was issued.',
    scope: 'The scopes that were granted, with blanks between.',
    roles: 'The roles of the person or the client, at the resource.',
    groups: 'The groups that the person is in.',
    entitlements: 'What the person may do.',
  }),
  ...means(RFC(8693, '4'), {
    act: 'Who acts for the subject.',
    may_act: 'Who may act for the subject.',
  }),
  ...means(RFC(7800, '3.1'), {
    cnf: 'The key or certificate that whoever presents the token must prove to have.',
  }),
  ...means(RFC(7662, '2.2'), {
    active: 'Whether the token is good now.',
    token_type: 'The kind of the token.',
    username: 'The name of the person, for display.',
  }),
  ...means(ENTRA, {
    tid: 'The tenant in which the person signed in.',
    oid: 'The id of the person or the service principal in the tenant; the same for all applications.',
    appid: 'The client to which the token was issued; in v1 tokens.',
    appidacr: 'How the client authenticated: 0 not at all, 1 by secret, 2 by certificate; in v1 tokens.',
    azpacr: 'How the client authenticated: 0 not at all, 1 by secret, 2 by certificate; in v2 tokens.',
    scp: 'The delegated permissions that were granted, with blanks between.',
    wids: 'The ids of the administrator roles that the person has in the whole tenant.',
    idp: 'Who authenticated the person.',
    ver: 'The version of the token: 1.0 or 2.0.',
    uti: 'Identifies the token, as jti does elsewhere.',
    rh: 'Internal to Entra ID; not to be relied upon.',
    aio: 'Internal to Entra ID; not to be relied upon.',
    unique_name: 'A name for display, no key for anything; in v1 tokens.',
    hasgroups: 'The person is in more groups than fit; ask Graph for them.',
    _claim_names: 'Claims that did not fit and are to be asked for elsewhere.',
    _claim_sources: 'Where the claims are that did not fit.',
  }),
  ...means(ENTRA_OPTIONAL, {
    upn: 'The user principal name; can change, so no key for anything.',
    idtyp: 'app where the token is a client’s own, without a user.',
    acct: 'Whether the person is a member (0) or a guest (1) of the tenant.',
    ipaddr: 'The address from which the person signed in.',
    tenant_ctry: 'The country of the tenant.',
    login_hint: 'What to send as login_hint or logout_hint to mean this person.',
    xms_mirid: 'The resource id of the managed identity.',
    acrs: 'The authentication contexts that the login fulfils.',
    tenant_region_scope: 'The region of the tenant.',
    ctry: 'The country of the person.',
    verified_primary_email: 'The primary e-mail addresses of the person, which are verified.',
    xms_pl: 'The language that the person prefers.',
    xms_tpl: 'The language that the tenant prefers.',
    xms_cc: 'What the client can do: cp1 is to understand a claims challenge.',
  }),
  ...means('https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview', {
    tfp: 'The user flow by which the person signed in.',
    emails: 'The e-mail addresses of the person.',
  }),
  ...means('https://learn.microsoft.com/entra/identity-platform/access-tokens', {
    app_displayname: 'What the client is called; only in tokens for Graph, which nobody else is to read.',
  }),
  ...means(KEYCLOAK, {
    realm_access: 'The roles in the realm.',
    resource_access: 'The roles at each client.',
    session_state: 'The session at the issuer.',
    'allowed-origins': 'The origins from which a browser application may use the token.',
    clientHost: 'The host from which the client asked for a token of its own.',
    clientAddress: 'The address from which the client asked for a token of its own.',
    typ: 'What the token is: Bearer, ID, Refresh.',
  }),
])

const HEADER: ReadonlyMap<string, Meaning> = new Map([
  ...means(RFC(7515, '4.1'), {
    alg: 'By which algorithm it is signed; whoever verifies says which ones are good, not the token.',
    kid: 'Which key of the JWKS signed it.',
    typ: 'What kind of token it is: at+jwt is an access token.',
    cty: 'What is inside.',
    jku: 'Where the keys are; not to be believed.',
    jwk: 'A key; not to be believed by itself.',
    x5t: 'The SHA-1 thumbprint of the certificate of the key.',
    'x5t#S256': 'The SHA-256 thumbprint of the certificate of the key.',
    x5c: 'The certificates of the key.',
    crit: 'Members that whoever verifies must understand.',
  }),
  ...means('https://learn.microsoft.com/entra/identity-platform/access-tokens', {
    nonce: 'The token is for Graph, which alone can verify it.',
  }),
  ...means(RFC(7516, '4.1'), { enc: 'By which algorithm the content is encrypted.' }),
])

/** Those that are times. */
const TIMES = ['exp', 'nbf', 'iat', 'auth_time', 'updated_at']

/** Undefined for a claim that nobody has defined. */
export function meaningOf(name: string, part: 'header' | 'claims'): Meaning | undefined {
  return (part === 'header' ? HEADER : CLAIMS).get(name)
}

export function isTime(name: string): boolean {
  return TIMES.includes(name)
}
