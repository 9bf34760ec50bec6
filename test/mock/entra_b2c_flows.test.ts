import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { APP, CONTOSO, type Idp, SECRET } from '../support/entra_cloud.ts'

const POLICIES = ['B2C_1_in', 'B2C_1_edit']
const startB2c = (): Promise<Idp> =>
  startIdp({
    dialect: 'entra',
    id: CONTOSO,
    users: [{ username: 'alice' }],
    clients: [{ client_id: APP, client_secret: SECRET, redirect_uris: [CALLBACK] }],
    entra: { policies: POLICIES },
  })

describe('Azure AD B2C: what one user flow was given is worth nothing elsewhere', () => {
  const [FLOW, OTHER] = POLICIES.map((policy) => `${CONTOSO}/${policy}`) as [string, string]
  it.each([
    [FLOW, OTHER, 'AADB2C90088'],
    [CONTOSO, FLOW, 'AADB2C90088'],
    [FLOW, CONTOSO, 'AADSTS700005'],
    [FLOW, 'common', 'AADSTS700005'],
    [FLOW, `tfp/${FLOW}`, undefined],
  ])('from %s to %s: %s', async (from, to, code) => {
    await using idp = await startB2c()
    const at = (path: string) => DiscoveringClient.at(`${idp.url}/${path}/v2.0`, APP, SECRET)
    const [here, there] = [await at(from), await at(to)]
    const sent = await here.authorize({ scope: 'openid offline_access' })
    const redeemed = await there.redeem(sent['code'])
    const refused = code === undefined ? undefined : expect.stringContaining(code)
    expect([redeemed.status, redeemed.body['error_description']]).toEqual([refused ? 400 : 200, refused])
    const { body } = await here.redeem((await here.authorize({ scope: 'openid offline_access' }))['code'])
    expect((await there.refresh(body['refresh_token'])).status).toBe(refused ? 400 : 200)
    expect((await here.refresh(body['refresh_token'])).status).toBe(200)
  })
})
