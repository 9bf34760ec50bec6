import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import type { Page } from '../support/browser.ts'
import { CALLBACK, type DiscoveringClient } from '../support/discovered.ts'
import {
  API,
  APP,
  CONTOSO,
  claimsIn,
  clientAt,
  FABRIKAM,
  type Idp,
  PERSONAL,
  SECRET,
  signedIn,
  startCloud,
} from '../support/entra_cloud.ts'
import { get, post } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

const BOB = 'bob@fabrikam.example'
const ASKS = { client_id: 'asks', client_secret: SECRET, redirect_uris: [CALLBACK], consent: true }
/** Two users whose configured subject is the same, each in a tenant of their own. */
const [UMA, VAL] = [
  { username: 'uma@one.example', sub: '7' },
  { username: 'val@two.example', sub: '7' },
]
const OBO = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const MIDDLE = { client_id: API.id, client_secret: SECRET, grant_types: [OBO] }
const startAlike = () =>
  startCloud({
    tenants: {
      one: { aliases: ['one.example'], users: [UMA], clients: [ASKS, MIDDLE] },
      two: { aliases: ['two.example'], users: [VAL] },
    } as NonNullable<ConfigInput['tenants']>,
  })

async function typed(client: DiscoveringClient, username: string): Promise<Page> {
  const page = await client.browser.open(client.request({ scope: 'openid profile' }))
  return client.browser.submit(page, { username })
}

/** Whether the browser went back with a code, and did not stop at the consent page. */
const isThrough = ({ left }: Page) => left?.searchParams.has('code') === true

describe('Entra: what one tenant was given is worth nothing at another', () => {
  it('keeps the consent of users of the same sub apart', async () => {
    await using idp = await startAlike()
    const one = await clientAt(idp, 'one', ASKS.client_id)
    await one.browser.submit(await typed(one, UMA.username), { action: 'allow' })
    expect(isThrough(await typed(await clientAt(idp, 'one', ASKS.client_id), UMA.username))).toBe(true)
    expect(isThrough(await typed(await clientAt(idp, 'two', ASKS.client_id), VAL.username))).toBe(false)
  })

  it.each([
    ['one', 'one'],
    ['common', 'contoso'],
  ])('an administrator at %s consents for the users of %s alone', async (at, tenant) => {
    await using idp = await startAlike()
    const { browser } = await clientAt(idp, at)
    const asked = new URLSearchParams({ client_id: ASKS.client_id, redirect_uri: CALLBACK })
    await browser.submit(await browser.open(`${idp.url}/${at}/adminconsent?${asked}`), { action: 'allow' })
    const through: string[] = []
    for (const segment of ['contoso', 'one', 'two']) {
      const page = await typed(await clientAt(idp, segment, ASKS.client_id), `new@${segment}`)
      if (isThrough(page)) through.push(segment)
    }
    expect(through).toEqual([tenant])
  })

  it('takes an id_token_hint at common for the user of the tenant that issued it', async () => {
    await using idp = await startAlike()
    const { body } = await signedIn(await clientAt(idp, 'one'), UMA.username)
    const common = await clientAt(idp, 'common')
    const { body: own } = await signedIn(common, VAL.username)
    const silent = async (hint: unknown) =>
      common.browser.open(common.request({ prompt: 'none', id_token_hint: String(hint) }))
    expect((await silent(body['id_token'])).left?.searchParams.get('error')).toBe('login_required')
    expect(isThrough(await silent(own['id_token']))).toBe(true)
  })

  it.each(['one', 'two'])(
    'acts at common for the user of the tenant %s whose token it got',
    async (tenant) => {
      await using idp = await startAlike()
      const assertion = await idp.token({
        tenant,
        client: APP,
        user: nameIn(tenant),
        resource: API.identifier,
      })
      const { status, body } = await post(`${idp.url}/common/oauth2/v2.0/token`, {
        grant_type: OBO,
        client_id: API.id,
        client_secret: SECRET,
        assertion,
        requested_token_use: 'on_behalf_of',
        scope: 'openid profile https://graph.microsoft.com/User.Read',
      })
      expect([status, claimsIn(body).id['iss']]).toEqual([200, idp.issuerOf(tenant)])
    },
  )

  it.each([
    ['contoso', 'fabrikam'],
    ['common', 'fabrikam'],
    ['consumers', 'common'],
  ])('a login page of %s is none of %s', async (from, to) => {
    await using idp = await startCloud()
    const client = await clientAt(idp, from)
    const { url } = await client.browser.open(client.request())
    const interaction = new URL(url).searchParams.get('interaction') ?? ''
    const opened = await client.browser.open(`${idp.url}/${to}/login?interaction=${interaction}`)
    expect(opened.headers.get('x-mock-reason')).toBe('interaction.unknown')
    const sent = await client.browser.open(`${idp.url}/${to}/login`, { interaction, username: BOB })
    expect(sent.headers.get('x-mock-reason')).toBe('interaction.unknown')
  })

  it('finds the metadata at the root of a host that of its tenant', async () => {
    const customers = { id: '7a0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e77', hosts: ['customers.ciamlogin.com'] }
    await using idp = await startCloud({ tenants: { customers } })
    const port = Number(new URL(idp.url).port)
    const path = '/v2.0/.well-known/openid-configuration'
    const { body } = await requestAs({ port, path, headers: { host: 'customers.ciamlogin.com' } })
    expect(body['issuer']).toBe(`http://customers.ciamlogin.com/${customers.id}/v2.0`)
  })
})

const nameIn = (tenant: string) => (tenant === 'one' ? UMA : VAL).username

describe('Entra: who is at home where', () => {
  it('a guest of one tenant signs in at the tenant that they come from, and at no third one', async () => {
    const guest = { user_type: 'Guest', home_tenant_id: FABRIKAM.toUpperCase() } as const
    const host = { users: [{ username: 'carol@fabrikam.example', entra: guest }] }
    await using idp = await startCloud({ tenants: { host } })
    const results = []
    for (const segment of ['host', FABRIKAM, 'common', CONTOSO])
      results.push((await typed(await clientAt(idp, segment), 'carol@fabrikam.example')).status)
    expect(results).toEqual([303, 303, 303, 400])
  })

  it('a declared username is never taken for a shorter one with the tenant behind it', async () => {
    const two = { aliases: ['two.example'], users: [{ username: 'eve' }, { username: 'eve@two.example' }] }
    const three = { users: [{ username: 'eve' }] }
    await using idp = await startCloud({ tenants: { one: { users: [{ username: 'eve' }] }, two, three } })
    const common = await clientAt(idp, 'common')
    const { id } = await signedIn(common, 'eve@two.example')
    expect([id['iss'], id['preferred_username']]).toEqual([idp.issuerOf('two'), 'eve@two.example'])
    const { html } = await (await clientAt(idp, 'common')).browser.open(common.request({ scope: 'openid' }))
    const cards = [...html.matchAll(/name="user" value="(eve[^"]*)"/g)].map(([, name]) => name)
    expect(new Set(cards).size).toBe(4)
  })

  it('Graph knows who has a personal account though nobody declares their tenant', async () => {
    await using idp = await startCloud()
    const consumers = await clientAt(idp, 'consumers')
    const { left } = await typed(consumers, 'me@outlook.example')
    const { body } = await consumers.redeem(left?.searchParams.get('code') ?? undefined)
    expect(claimsIn(body).id['tid']).toBe(PERSONAL)
    const answer = await consumers.userinfo(body['access_token'])
    expect([answer.status, answer.body['sub']]).toEqual([200, claimsIn(body).id['sub']])
  })

  it.each([
    ['PersonalMicrosoftAccount', CONTOSO, 9002331],
    ['PersonalMicrosoftAccount', FABRIKAM, 9002331],
    ['PersonalMicrosoftAccount', PERSONAL, undefined],
    ['AzureADMultipleOrgs', PERSONAL, 9002332],
    ['AzureADMultipleOrgs', FABRIKAM, undefined],
  ])('an application of sign_in_audience %s at the tenant %s: AADSTS%s', async (audience, tenant, code) => {
    const app = { client_id: 'app', client_secret: SECRET, redirect_uris: [CALLBACK] }
    const clients = [{ ...app, entra: { sign_in_audience: audience } }]
    await using idp = await startCloud({
      tenants: { one: { clients } } as NonNullable<ConfigInput['tenants']>,
    })
    const form = { grant_type: 'client_credentials', scope: `${API.id}/.default` }
    const { body } = await (await clientAt(idp, tenant, 'app')).token(form)
    expect(body['error_codes']).toEqual(code && [code])
  })

  it('instance discovery leads to the tenant of the address below a base path', async () => {
    await using idp = await startCloud({ server: { base_path: '/idp' } })
    const query = `authorization_endpoint=${idp.url}/${FABRIKAM}/oauth2/v2.0/authorize`
    const { body } = await get(`${idp.url}/common/discovery/instance?${query}`)
    expect(body['tenant_discovery_endpoint']).toContain(`${idp.url}/${FABRIKAM}/v2.0/`)
  })
})

describe('Entra: a browser where users of two tenants are signed in', () => {
  const ADA = 'ada@contoso.example'
  async function signedInTwice(idp: Idp) {
    const common = await clientAt(idp, 'common')
    const { body } = await signedIn(common, ADA)
    await idp.clock.advance('1m')
    const fabrikam = await clientAt(idp, FABRIKAM)
    await common.browser.submit(await common.browser.open(fabrikam.request()), { user: BOB })
    return { common, fabrikam, id_token_hint: String(body['id_token']) }
  }

  it('silently answers at common for the one whom the client means, else for the newest', async () => {
    await using idp = await startCloud()
    const { common, id_token_hint } = await signedInTwice(idp)
    const tids = []
    for (const meant of [{ login_hint: ADA }, { id_token_hint }, { login_hint: BOB }, {}]) {
      const { left } = await common.browser.open(common.request({ ...meant, prompt: 'none' }))
      const { body } = await common.redeem(left?.searchParams.get('code') ?? undefined)
      tids.push(claimsIn(body).access['tid'])
    }
    expect(tids).toEqual([CONTOSO, CONTOSO, FABRIKAM, FABRIKAM])
  })

  it('signs out at common whom the id_token_hint names, and nobody else', async () => {
    await using idp = await startCloud()
    const { common, fabrikam, id_token_hint } = await signedInTwice(idp)
    await common.browser.open(
      `${common.url('end_session_endpoint')}?${new URLSearchParams({ id_token_hint })}`,
    )
    const contoso = await clientAt(idp, CONTOSO)
    expect(isThrough(await common.browser.open(contoso.request({ prompt: 'none' })))).toBe(false)
    expect(isThrough(await common.browser.open(fabrikam.request({ prompt: 'none' })))).toBe(true)
  })
})
