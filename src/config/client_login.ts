import * as v from 'valibot'
import { RESPONSE_TYPES, sortedWords } from '../protocol/response_types.ts'
import { clientAlgs } from './client_credentials.ts'
import type { Names } from './names.ts'
import { httpUrlWithQuery, oneOf, text } from './scalars.ts'
import { type Dataset, described } from './strict.ts'
import { httpUrlWithFragment, redirectUri } from './uris.ts'

/** How users sign in to the client. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
export function loginKeys(names: Names) {
  return {
    redirect_uris: described(
      v.optional(v.array(redirectUri()), []),
      'Where users come back after they signed in: absolute URIs without fragment, compared as strings (of loopback URIs the port is free); default none.',
    ),
    response_types: described(
      v.optional(v.array(responseType())),
      'What the client may ask for at the authorization endpoint; default: all that its grant types permit.',
    ),
    require_pkce: described(
      v.optional(v.boolean()),
      'Whether an authorization request needs a code_challenge (RFC 7636); default: true for a client without credentials that uses authorization_code, else false.',
    ),
    consent: described(
      v.optional(v.boolean(), false),
      'Whether the user is asked before the client gets what it asked for; default false.',
    ),
    default_max_age: described(
      v.optional(seconds()),
      'Seconds after which a login is too old for the client, unless a request says max_age; default: no limit.',
    ),
    require_auth_time: described(
      v.optional(v.boolean(), true),
      'Whether its ID tokens always have auth_time; false: only where max_age or claims ask for it, as some providers do. Default true.',
    ),
    default_acr_values: described(
      v.optional(v.array(text()), []),
      'The acr values the client wants where a request names none, the best first; default none.',
    ),
    initiate_login_uri: described(
      v.optional(httpUrlWithQuery()),
      'URL of the client at which others can start a login (OpenID Connect Core 4): linked where the user has signed out; default none.',
    ),
    ...requestObjectKeys(names),
    ...subjectKeys(),
  }
}

function requestObjectKeys(names: Names) {
  return {
    request_object_signing_alg: described(
      v.optional(oneOf([...clientAlgs(names), 'none'])),
      'The one algorithm of its request objects; default: any that fits its keys or secret, and none.',
    ),
    request_uris: described(
      v.optional(v.array(httpUrlWithFragment()), []),
      'URLs from which its request objects may be fetched; a fragment is the hash of the content; default none.',
    ),
  }
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes */
function subjectKeys() {
  return {
    subject_type: described(
      v.optional(oneOf(['public', 'pairwise']), 'public'),
      'public: sub is the same for all clients. pairwise: each sector has its own. Default public.',
    ),
    sector_identifier_uri: described(
      v.optional(httpUrlWithQuery()),
      'URL whose host is the sector of pairwise subjects; default: the host of its redirect URIs.',
    ),
  }
}

function seconds(): v.GenericSchema<number> {
  const phrase = 'a number of seconds, 0 or more'
  return v.pipe(v.number(phrase), v.integer(phrase), v.minValue(0, phrase))
}

/** A response type, whose words may come in any order and go out in alphabetical order. */
function responseType(): v.GenericSchema<string> {
  const known = oneOf(RESPONSE_TYPES)
  const run = (dataset: Dataset, config: v.Config<v.BaseIssue<unknown>>): Dataset => {
    const { value } = dataset
    const sorted = typeof value === 'string' ? sortedWords(value) : ''
    return known['~run']({ value: RESPONSE_TYPES.includes(sorted) ? sorted : value }, config) as Dataset
  }
  return { ...oneOf(RESPONSE_TYPES.flatMap(orders)), '~run': run } as unknown as v.GenericSchema<string>
}

/** The words of a response type in each order, the alphabetical one first. */
function orders(type: string): string[] {
  const words = type.split(' ')
  if (words.length < 2) return words
  return words.flatMap((word) =>
    orders(words.filter((other) => other !== word).join(' ')).map((rest) => `${word} ${rest}`),
  )
}
