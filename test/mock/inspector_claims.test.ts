/** What the inspector says that claims mean: of each that a dialect issues, with the document that defines it. */
import { describe, expect, it } from 'vitest'
import * as registry from '../../src/dialects/index.ts'
import { meaningOf } from '../../src/inspector/claims.ts'

/** The names of the claims that the tables of a dialect write, in whichever of its tokens. */
function issuedBy(dialect: object): string[] {
  return Object.entries(dialect).flatMap(([key, value]) => {
    if (typeof value !== 'object' || value === null) return []
    const isTable = /claims$/i.test(key) && !Array.isArray(value)
    return isTable ? namesIn(value) : issuedBy(value)
  })
}

/** A table of claims, or one for each kind of token. */
function namesIn(table: object): string[] {
  return Object.entries(table).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && /^(v\d|\d|)$/.test(name) ? Object.keys(value) : [name],
  )
}

/** @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
const OPTIONAL =
  'acct auth_time ctry email family_name given_name idtyp ipaddr login_hint sid upn verified_primary_email xms_pl tenant_ctry tenant_region_scope xms_tpl'.split(
    ' ',
  )

const GRAPH = ['app_displayname', 'xms_cc', 'wids', '_claim_names', 'groups']

describe('what a claim means', () => {
  it.each(Object.entries(registry))('is said of all that %s issues', (_, dialect) => {
    const names = new Set(issuedBy(dialect))
    expect([...names].filter((name) => meaningOf(name, 'claims') === undefined)).toEqual([])
  })

  it('is said of the optional claims of Entra ID, and of what only Graph gets', () => {
    const unknown = [...OPTIONAL, ...GRAPH].filter((name) => meaningOf(name, 'claims') === undefined)
    expect(unknown).toEqual([])
    expect(meaningOf('nonce', 'header')?.text).toMatch(/Graph/)
  })

  it.each([
    ['s_hash', 'openid-financial-api-part-2-1_0'],
    ['at_hash', 'openid-connect-core-1_0.html#HybridIDToken'],
    ['sid', 'openid-connect-frontchannel-1_0'],
    ['events', 'openid-connect-backchannel-1_0'],
    ['cnf', 'rfc7800'],
    ['act', 'rfc8693'],
    ['client_id', 'rfc9068'],
    ['tfp', 'active-directory-b2c'],
    ['emails', 'active-directory-b2c'],
  ])('%s is defined in %s', (name, place) => {
    expect(meaningOf(name, 'claims')?.see).toContain(place)
  })
})
