import { describe, expect, it } from 'vitest'
import { OPTIONAL_CLAIMS } from '../../src/config/entra.ts'
import {
  ADA,
  BILLING,
  ORDERS,
  ownToken,
  signIn,
  startEntra,
  TENANT,
  tokensOf,
} from '../support/entra_tenant.ts'

const READ = `${ORDERS.identifier}/read openid profile`
const ADMIN = '62e90394-69f5-4237-9190-012177145e10'
const GROUP = '9d0e3d1c-0000-4000-8000-000000000001'

const PERSON = {
  address: { country: 'GB' },
  locale: 'en-GB',
  groups: [GROUP],
  entra: { directory_roles: [ADMIN] },
}

/** What each claim is for Ada. */
const VALUES: Readonly<Record<(typeof OPTIONAL_CLAIMS)[number], unknown>> = {
  acct: 0,
  auth_time: expect.any(Number),
  ctry: 'GB',
  email: ADA.email,
  family_name: ADA.family_name,
  given_name: ADA.given_name,
  groups: [GROUP],
  idtyp: 'user',
  ipaddr: '127.0.0.1',
  login_hint: ADA.username,
  sid: expect.any(String),
  tenant_ctry: 'IE',
  tenant_region_scope: 'EU',
  upn: ADA.username,
  verified_primary_email: [ADA.email],
  wids: [ADMIN],
  xms_pl: 'en-GB',
  xms_tpl: 'en',
}

describe('Entra: optional claims', () => {
  it.each(OPTIONAL_CLAIMS)('%s stands where it is registered, in ID tokens by the client', async (name) => {
    await using entra = await startEntra({ user: PERSON, client: { entra: { optional_claims: [name] } } })
    const { id, access } = await signIn(entra.app, { scope: READ })
    expect(id[name]).toEqual(VALUES[name])
    if (name !== 'groups') expect(access).not.toHaveProperty(name)
  })

  it.each(OPTIONAL_CLAIMS)('%s stands where it is registered, in access tokens by the API', async (name) => {
    await using entra = await startEntra({ user: PERSON, orders: { entra: { optional_claims: [name] } } })
    const { id, access } = await signIn(entra.app, { scope: READ })
    expect(access[name]).toEqual(VALUES[name])
    if (name !== 'groups') expect(id).not.toHaveProperty(name)
  })

  it('are never empty, and left out where nothing is known of a user', async () => {
    const bare = { email: undefined, given_name: undefined, family_name: undefined }
    await using entra = await startEntra({
      user: bare,
      client: { entra: { optional_claims: [...OPTIONAL_CLAIMS] } },
      orders: { entra: { optional_claims: [...OPTIONAL_CLAIMS] } },
    })
    const { id, access } = await signIn(entra.app, { scope: READ })
    for (const claims of [id, access]) {
      expect(Object.values(claims).filter((value) => value === null || String(value) === '')).toEqual([])
      const known = OPTIONAL_CLAIMS.filter((name) => name in claims)
      expect(known).toEqual(
        'acct auth_time idtyp ipaddr login_hint sid tenant_ctry tenant_region_scope upn xms_tpl'.split(' '),
      )
    }
  })

  it('tell a guest by acct and by a name of the tenant', async () => {
    const client = { entra: { optional_claims: ['acct', 'upn'] as ('acct' | 'upn')[] } }
    await using entra = await startEntra({ user: { entra: { user_type: 'Guest' } }, client })
    expect((await signIn(entra.app)).id).toMatchObject({
      acct: 1,
      upn: 'ada_contoso.example#EXT#@contoso.onmicrosoft.com',
    })
  })

  it('of an application’s own tokens are those that are not about a person', async () => {
    await using entra = await startEntra({ orders: { entra: { optional_claims: [...OPTIONAL_CLAIMS] } } })
    const { access } = tokensOf(await ownToken(entra, `${ORDERS.identifier}/.default`))
    const known = OPTIONAL_CLAIMS.filter((name) => name in access)
    expect(known).toEqual('idtyp tenant_ctry tenant_region_scope xms_tpl'.split(' '))
    expect(access['idtyp']).toBe('app')
  })

  it('of one API are not those of another', async () => {
    await using entra = await startEntra({ orders: { entra: { optional_claims: ['acct'] } } })
    expect((await signIn(entra.app, { scope: `${BILLING}/pay openid` })).access).not.toHaveProperty('acct')
  })

  it('stand below the claims that the configuration gives the user', async () => {
    const client = { entra: { optional_claims: ['tenant_region_scope'] as 'tenant_region_scope'[] } }
    await using entra = await startEntra({ user: { claims: { tenant_region_scope: 'NA' } }, client })
    const { id } = await signIn(entra.app)
    expect(id).toMatchObject({ tid: TENANT, tenant_region_scope: 'NA' })
  })
})
