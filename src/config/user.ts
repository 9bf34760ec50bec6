import * as v from 'valibot'
import { userEntra } from './entra.ts'
import { freeForm } from './free_form.ts'
import { oneOf, text, textLike } from './scalars.ts'
import { described, strict } from './strict.ts'

const BIRTHDATE = /^\d{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/
/** MUST NOT exceed 255 ASCII characters. @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
const SUB = /^[\x20-\x7e]{1,255}$/

/** What can keep a user from signing in. */
const USER_STATUSES = [
  'active',
  'disabled',
  'locked',
  'password_expired',
  'mfa_required',
  'mfa_enrolment_required',
  'blocked',
] as const

/** A user who can sign in, with the claims of that person. */
export function user() {
  return strict({
    username: described(text(), 'The name to sign in with, once per tenant.'),
    sub: described(
      v.optional(v.nullable(textLike(SUB, '1 to 255 printable ASCII characters')), null),
      'The subject identifier; default null: a UUID made of tenant and username, the same on every machine.',
    ),
    password: described(
      v.optional(text()),
      'The password, where one is asked for; default: any password, or none, signs in.',
    ),
    ...standardClaims(),
    roles: described(v.optional(v.array(text()), []), 'The roles claim of the user; default none.'),
    groups: described(
      v.optional(v.union([v.array(text()), generated()], 'a list of names or { generate: N }'), []),
      'The groups claim of the user, or how many to make up; default none.',
    ),
    status: described(
      v.optional(oneOf(USER_STATUSES), 'active'),
      'What keeps the user from signing in, with the right password too; default active: nothing.',
    ),
    entra: described(v.optional(userEntra()), 'What only Entra ID knows of a user.'),
    claims: described(v.optional(freeForm(), {}), 'Other claims of the user, of any shape; default none.'),
    claims_in: described(
      v.optional(strict(claimsIn()), {}),
      'Where claims stand: one that is named here stands only where it is named; default: where scopes and requests put it.',
    ),
  })
}

function generated() {
  const phrase = 'a number from 1 to 5000'
  return strict({
    generate: described(
      v.pipe(v.number(phrase), v.integer(phrase), v.minValue(1, phrase), v.maxValue(5000, phrase)),
      'So many groups, always the same.',
    ),
  })
}

function claimsIn() {
  const names = (where: string) =>
    described(v.optional(v.array(text())), `Names of claims that stand in ${where}.`)
  return {
    id_token: names('ID tokens'),
    access_token: names('access tokens'),
    userinfo: names('the answer of userinfo'),
  }
}

const claim = <S extends v.GenericSchema>(schema: S, what: string) =>
  described(v.optional(schema), `${what}; default: not set.`)

/** The claims that OpenID Connect defines, but `sub`. @see https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims */
export function standardClaims() {
  return {
    name: claim(text(), 'Full name as displayed'),
    given_name: claim(text(), 'Given name or first name'),
    family_name: claim(text(), 'Surname or last name'),
    middle_name: claim(text(), 'Middle name'),
    nickname: claim(text(), 'Casual name'),
    preferred_username: described(v.optional(text()), 'Short name to be called by; default: the username.'),
    profile: claim(text(), 'URL of the profile page'),
    picture: claim(text(), 'URL of the profile picture'),
    website: claim(text(), 'URL of the web page or blog'),
    email: claim(text(), 'E-mail address'),
    email_verified: described(
      v.optional(v.boolean()),
      'Whether the e-mail address was verified; default true where there is one.',
    ),
    gender: claim(text(), 'Gender'),
    birthdate: claim(
      textLike(BIRTHDATE, 'a date as YYYY-MM-DD, 0000-MM-DD or YYYY'),
      'Birthday, YYYY-MM-DD or YYYY',
    ),
    zoneinfo: claim(text(), 'Time zone, for example Europe/Paris'),
    locale: claim(text(), 'Language tag, for example en-US'),
    phone_number: claim(text(), 'Telephone number, for example "+1 425 555 1212"'),
    phone_number_verified: claim(v.boolean(), 'Whether the telephone number was verified'),
    address: claim(strict(addressMembers()), 'Postal address'),
    updated_at: claim(seconds(), 'When the claims were last changed, in seconds since 1970'),
  }
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#AddressClaim */
function addressMembers() {
  return {
    formatted: claim(text(), 'The whole address, as on a label'),
    street_address: claim(text(), 'Street and number, possibly several lines'),
    locality: claim(text(), 'City'),
    region: claim(text(), 'State, province or region'),
    postal_code: claim(text(), 'Postal code'),
    country: claim(text(), 'Country'),
  }
}

function seconds(): v.GenericSchema<number> {
  const phrase = 'a whole number of seconds since 1970'
  return v.pipe(v.number(phrase), v.integer(phrase), v.minValue(0, phrase))
}
