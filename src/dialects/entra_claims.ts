/** What stands in Entra's tokens. */
import type { Description, ObjectTemplate } from './description.ts'

/** Real tokens say they were issued five minutes ago, for clocks that run behind. */
const COMMON = {
  iat: '{iat|plus:-300}',
  nbf: '{iat|plus:-300}',
  exp: '{exp}',
  aio: '{rand:44}',
} satisfies ObjectTemplate

const TAIL = {
  rh: '1.A{rand:60}.',
  roles: '{roles|nonempty}',
  scp: '{scp|nonempty}',
  sub: '{sub}',
  tid: '{tenant.id}',
  uti: '{rand:22}',
} satisfies ObjectTemplate

/** A client is its own object; a user has another subject at every client. */
const CLIENT = { oid: '{sub}', ...TAIL } satisfies ObjectTemplate
const USER = { oid: '{local_sub}', ...TAIL } satisfies ObjectTemplate

const PROOF = '{client.proof|map:none=0,secret=1,assertion=2,certificate=2}'
const APPID = { appid: '{client.client_id}', appidacr: PROOF } satisfies ObjectTemplate
const AZP = { azp: '{client.client_id}', azpacr: PROOF } satisfies ObjectTemplate

/** What v1 tokens say of a user, whatever the scope is. */
const V1_PERSON = {
  amr: '{amr}',
  email: '{guest.email}',
  family_name: '{person.family_name}',
  given_name: '{person.given_name}',
  idp: '{guest.idp}',
  ipaddr: '{request.ip}',
  name: '{person.name|or:person.username}',
  unique_name: '{upn}',
  upn: '{upn}',
} satisfies ObjectTemplate

const ID_TOKEN = {
  aud: '{client.client_id}',
  iss: '{issuer}',
  ...COMMON,
  auth_time: '{asked.auth_time}',
  at_hash: '{front.at_hash}',
  c_hash: '{front.c_hash}',
  nonce: '{nonce}',
  rh: '1.A{rand:60}.',
  sid: '{asked.sid}',
  login_hint: '{asked.login_hint}',
  sub: '{sub}',
  tid: '{tenant.id}',
  uti: '{rand:22}',
} satisfies ObjectTemplate

/** Claims and headers: by token version, those of ID tokens by face. */
export const ENTRA_TOKENS: Pick<Description, 'claims' | 'userClaims' | 'idTokenClaims' | 'header'> = {
  claims: {
    1: {
      aud: '{aud|one}',
      iss: '{issuers.v1}',
      ...COMMON,
      ...APPID,
      idp: '{issuers.v1}',
      ...CLIENT,
      ver: '1.0',
    },
    2: {
      aud: '{resource.id}',
      iss: '{issuers.v2}',
      ...COMMON,
      ...AZP,
      ...CLIENT,
      ver: '2.0',
    },
  },
  userClaims: {
    1: {
      aud: '{target|one}',
      iss: '{issuers.v1}',
      ...COMMON,
      acr: '{login.acr|default:1}',
      ...V1_PERSON,
      ...APPID,
      ...USER,
      ver: '1.0',
    },
    2: {
      aud: '{resource.id}',
      iss: '{issuers.v2}',
      ...COMMON,
      ...AZP,
      email: '{guest.email}',
      idp: '{guest.idp}',
      name: '{person.name|or:person.username}',
      preferred_username: '{person.preferred_username}',
      ...USER,
      ver: '2.0',
    },
  },
  idTokenClaims: {
    v1: { ...ID_TOKEN, ...V1_PERSON, oid: '{local_sub}', ver: '1.0' },
    v2: {
      ...ID_TOKEN,
      email: '{released.email.email|or:guest.email}',
      idp: '{guest.idp}',
      name: '{released.profile.name|or:released.profile.username}',
      oid: '{released.profile.sub}',
      preferred_username: '{released.profile.preferred_username}',
      ver: '2.0',
    },
  },
  header: {
    1: { typ: 'JWT', nonce: '{graph_nonce}', alg: '{key.alg}', x5t: '{key.x5t}', kid: '{key.kid}' },
    2: { typ: 'JWT', alg: '{key.alg}', kid: '{key.kid}' },
    v1: { typ: 'JWT', alg: '{key.alg}', x5t: '{key.x5t}', kid: '{key.kid}' },
    v2: { typ: 'JWT', alg: '{key.alg}', kid: '{key.kid}' },
  },
}
