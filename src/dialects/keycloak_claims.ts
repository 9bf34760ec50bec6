/** What stands in Keycloak's tokens, in the order of its versions. */
import type { ObjectTemplate } from './description.ts'

const SUBJECT = { sub: '{sub}', typ: 'Bearer', azp: '{client.client_id}' } satisfies ObjectTemplate

const ROLES = {
  realm_access: '{realm_access}',
  resource_access: '{resource_roles|nonempty}',
  scope: '{scope|default:}',
} satisfies ObjectTemplate

const ACCESS = { iss: '{issuer}', aud: '{declared_aud|nonempty|one}', ...SUBJECT } satisfies ObjectTemplate

const SERVICE_ACCOUNT = {
  email_verified: false,
  clientHost: '{request.ip}',
  preferred_username: 'service-account-{client.client_id}',
  clientAddress: '{request.ip}',
} satisfies ObjectTemplate

/** The mappers of the client scopes profile, email, address and phone. */
const PERSON = {
  email_verified: '{released.email.email_verified}',
  name: '{released.profile.name}',
  preferred_username: '{released.profile.preferred_username}',
  given_name: '{released.profile.given_name}',
  family_name: '{released.profile.family_name}',
  middle_name: '{released.profile.middle_name}',
  nickname: '{released.profile.nickname}',
  profile: '{released.profile.profile}',
  picture: '{released.profile.picture}',
  website: '{released.profile.website}',
  gender: '{released.profile.gender}',
  birthdate: '{released.profile.birthdate}',
  zoneinfo: '{released.profile.zoneinfo}',
  locale: '{released.profile.locale}',
  updated_at: '{released.profile.updated_at}',
  email: '{released.email.email}',
  address: '{released.address.address}',
  phone_number: '{released.phone.phone_number}',
  phone_number_verified: '{released.phone.phone_number_verified}',
} satisfies ObjectTemplate

const ID = {
  iss: '{issuer}',
  aud: '{client.client_id}',
  sub: '{sub}',
  typ: 'ID',
  azp: '{client.client_id}',
  nonce: '{nonce}',
} satisfies ObjectTemplate

const HASHES = { at_hash: '{claims.at_hash}', c_hash: '{claims.c_hash}' } satisfies ObjectTemplate

const TIMES = { exp: '{exp}', iat: '{iat}' } satisfies ObjectTemplate

/** A user's tokens belong to a session. */
const SINCE = { auth_time: '{login.auth_time}' } satisfies ObjectTemplate
const SID = { sid: '{login.sid}' } satisfies ObjectTemplate
const SESSION_STATE = { session_state: '{login.sid}' } satisfies ObjectTemplate
const ACR = { acr: '{login.acr|default:1}' } satisfies ObjectTemplate

/** How the token came about, in a prefix: the session's kind, a regular token, the grant. */
const GRANT = 'authorization_code=ac,password=ro,refresh_token=rt,implicit=im'
const ONLINE_JTI = `{session_kind}rt{grant_type|map:${GRANT}|default:na}:{uuid}`

/** Keycloak 26. */
export const CLAIMS_26 = {
  claims: {
    ...TIMES,
    jti: 'trrtcc:{uuid}',
    ...ACCESS,
    acr: '1',
    ...ROLES,
    ...SERVICE_ACCOUNT,
    client_id: '{client.client_id}',
  },
  userClaims: { ...TIMES, ...SINCE, jti: ONLINE_JTI, ...ACCESS, ...SID, ...ACR, ...ROLES, ...PERSON },
  idTokenClaims: { ...TIMES, ...SINCE, jti: '{uuid}', ...ID, ...SID, ...HASHES, ...ACR, ...PERSON },
} satisfies Record<string, ObjectTemplate>

/** Keycloak 16: the session stands there twice. */
export const CLAIMS_16 = {
  claims: {
    ...TIMES,
    jti: '{uuid}',
    ...ACCESS,
    acr: '1',
    ...ROLES,
    clientId: '{client.client_id}',
    ...SERVICE_ACCOUNT,
  },
  userClaims: {
    ...TIMES,
    ...SINCE,
    jti: '{uuid}',
    ...ACCESS,
    ...SESSION_STATE,
    ...ACR,
    ...ROLES,
    ...SID,
    ...PERSON,
  },
  idTokenClaims: {
    ...TIMES,
    ...SINCE,
    jti: '{uuid}',
    ...ID,
    ...SESSION_STATE,
    ...HASHES,
    ...ACR,
    ...SID,
    ...PERSON,
  },
} satisfies Record<string, ObjectTemplate>

const TIMES_9 = { jti: '{uuid}', exp: '{exp}', nbf: 0, iat: '{iat}' } satisfies ObjectTemplate

/** Keycloak 9: every token belongs to a session, a service account's too. */
export const CLAIMS_9 = {
  claims: {
    ...TIMES_9,
    ...ACCESS,
    auth_time: 0,
    session_state: '{uuid}',
    acr: '1',
    ...ROLES,
    clientId: '{client.client_id}',
    ...SERVICE_ACCOUNT,
  },
  userClaims: { ...TIMES_9, ...ACCESS, ...SINCE, ...SESSION_STATE, ...ACR, ...ROLES, ...PERSON },
  idTokenClaims: { ...TIMES_9, ...ID, ...SINCE, ...SESSION_STATE, ...HASHES, ...ACR, ...PERSON },
} satisfies Record<string, ObjectTemplate>

/** A refresh token, which adapters read to know when it expires. */
export const REFRESH = {
  ...TIMES,
  jti: '{uuid}',
  iss: '{issuer}',
  aud: '{issuer}',
  sub: '{sub}',
  typ: '{offline|map:true=Offline,false=Refresh}',
  azp: '{client.client_id}',
  scope: '{scope}',
} satisfies ObjectTemplate
