/** Laws of what clients and people write of a login: claims, prompts, forms; fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertAcr, wantedAcr } from '../../src/authorization/checks.ts'
import { parsePrompt, prompts } from '../../src/authorization/prompt.ts'
import { allowedValues, NO_CLAIMS, parseClaims } from '../../src/protocol/claims_request.ts'
import { OAuthError } from '../../src/protocol/errors.ts'
import { type Json, stringify } from '../../src/protocol/json.ts'
import { planIdToken } from '../../src/tokens/id_token.ts'
import { claimsFor } from '../../src/users/claims.ts'
import { identify } from '../../src/users/identify.ts'
import { userOf } from '../../src/users/user.ts'
import { contextOf } from '../support/context.ts'
import { awkwardJson, type JsonText, shouldBeJson, text, written } from './hostile.ts'

const RUNS = { numRuns: 1000 }
const SCOPES = ['openid', 'profile', 'email', 'address', 'phone']

const { cx, client } = await contextOf({
  clients: [{ client_id: 'web', client_secret: 's3cret', redirect_uris: ['https://app.test/cb'] }],
  users: [
    { username: 'alice', name: 'Alice', email: 'a@example.test', roles: ['admin'], claims: { tier: 1 } },
  ],
})
const params = (given: Record<string, string | undefined>) =>
  new Map(Object.entries(given).flatMap(([name, value]) => (value ? [[name, [value]] as const] : [])))

/** What it gives, or undefined where it refuses as it may. */
function unless<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    expect(error).toBeInstanceOf(OAuthError)
    return undefined
  }
}

/** Everything that an ID token and userinfo say of a login. */
function told(login: Parameters<typeof userOf>[0], claims = NO_CLAIMS): string[] {
  const grant = {
    ...{ id: 'g', client_id: 'web', login: { ...login, auth_time: 1 }, scopes: SCOPES, targets: {} },
    ...{ claims, offline: false },
  }
  const release = { scopes: SCOPES, claims, scopeClaims: true }
  const places = ['access_token', 'userinfo'] as const
  const about = places.map((place) => claimsFor(place, userOf(login, cx), release, cx))
  return [planIdToken({ client, grant }, cx).claims, ...about].map(stringify)
}

describe('the claims parameter', () => {
  const place = fc.dictionary(
    fc.constantFrom('acr', 'sub', 'name', 'email', 'roles', 'tier', '__proto__', 'constructor', 'toString'),
    fc.oneof(
      awkwardJson,
      fc.record({ essential: awkwardJson, value: awkwardJson, values: awkwardJson }, { requiredKeys: [] }),
      fc.record({ essential: fc.boolean(), values: fc.array(awkwardJson, { maxLength: 3 }) }),
    ),
  )
  const members = { id_token: fc.oneof(place, awkwardJson), userinfo: place, other: awkwardJson }
  const any = shouldBeJson(fc.record(members, { requiredKeys: [] }))

  it('is refused as param.invalid, or is two lists of claims, each null or an object', () => {
    const law = (came: JsonText) => {
      const read = unless(() => parseClaims(written(came)))
      for (const [, wanted] of Object.entries({ ...read?.id_token, ...read?.userinfo })) {
        expect(wanted === null || typeof wanted === 'object').toBe(true)
        expect([undefined, true, false]).toContain(wanted?.essential)
        expect(allowedValues(wanted) ?? []).toBeInstanceOf(Array)
      }
    }
    fc.assert(fc.property(any, law), RUNS)
  })

  it('that is read leads to tokens or to a refusal, whatever values it has', () => {
    const law = (came: JsonText) => {
      const claims = unless(() => parseClaims(written(came)))
      if (claims === undefined) return
      unless(() => assertAcr(claims, cx))
      const acr = wantedAcr(params({}), claims, client)
      expect(acr.every((value) => typeof value === 'string')).toBe(true)
      for (const json of told({ username: 'alice' }, claims)) expect(() => JSON.parse(json)).not.toThrow()
    }
    fc.assert(fc.property(any, law), RUNS)
  })
})

describe('the prompt parameter', () => {
  const word = fc.oneof(fc.constantFrom<string>(...prompts, '', ' ', 'NONE', 'None'), text)

  it('is a list of known words without doubles, in which none stands alone, or is refused', () => {
    const law = (words: string[]) => {
      const read = unless(() => parsePrompt(words.join(' ')))
      const known = words.join(' ').split(' ').filter(Boolean)
      const isFine =
        known.every((each) => (prompts as string[]).includes(each)) &&
        !(known.includes('none') && known.length > 1)
      expect(read).toEqual(isFine ? [...new Set(known)] : undefined)
    }
    fc.assert(fc.property(fc.array(word, { maxLength: 4 }), law), RUNS)
  })
})

describe('the login form', () => {
  const claim = fc.constantFrom(
    ...[
      'roles',
      'groups',
      'sub',
      'name',
      'email',
      'address',
      'tier',
      'iss',
      'exp',
      'nonce',
      'sid',
      'acr',
      'amr',
    ],
    ...['__proto__', 'constructor', 'toString', ''],
  )
  const edits = shouldBeJson(fc.dictionary(claim, awkwardJson))
  const username = fc.oneof(fc.constantFrom('alice', 'ALICE', 'a@example.test', 'bob'), text)

  it('says who is there or what is wrong, and every edited claim that it takes stands in the tokens', () => {
    const law = (name: string, claims: JsonText) => {
      const who = identify(params({ username: name, claims: written(claims) }), cx)
      if ('problem' in who) return void expect(who.problem).not.toBe('')
      const [id_token = '', , userinfo = ''] = told(who)
      for (const each of ['iss', 'aud', 'exp', 'iat', 'nonce', 'sid', 'auth_time'])
        expect(Object.keys(who.claims ?? {})).not.toContain(each)
      const shown = { ...JSON.parse(id_token), ...JSON.parse(userinfo) } as Record<string, Json>
      const taken = Object.keys(who.claims ?? {}).filter((each) => !['roles', 'groups'].includes(each))
      // An edit of null takes a claim away.
      for (const each of taken.filter((name) => who.claims?.[name] !== null))
        expect(`${each} ${JSON.stringify(shown[each])}`).toBe(`${each} ${JSON.stringify(who.claims?.[each])}`)
    }
    fc.assert(fc.property(username, edits, law), RUNS)
  })
})
