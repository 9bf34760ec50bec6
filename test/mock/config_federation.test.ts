import { describe, expect, it } from 'vitest'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'

const VOUCHED = { issuer: 'https://oidc.cluster.local', subject: 'system:serviceaccount:default:orders' }

/** What is wrong with a client that has these credentials. */
async function problems(federated_credentials: readonly object[], more: object = {}): Promise<string> {
  const input = { clients: [{ client_id: 'orders', federated_credentials, ...more }] }
  try {
    await validateInput(input, { names, directory: '.', readFile: () => '' })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

const many = (count: number) => Array.from({ length: count }, (_, n) => ({ ...VOUCHED, subject: `s${n}` }))

describe('federated_credentials in the configuration', () => {
  it('are taken where each is another', async () => {
    expect(await problems([VOUCHED, { ...VOUCHED, audience: 'x' }, { ...VOUCHED, subject: 'y' }])).toBe('')
    expect(await problems(many(20))).toBe('')
  })

  it('are twenty at most', async () => {
    expect(await problems(many(21))).toMatch(/21 are too many, 20 are allowed/)
  })

  it('have one for each issuer, subject and audience, the default one too', async () => {
    const again = { ...VOUCHED, audience: 'api://AzureADTokenExchange' }
    expect(await problems([many(1)[0] as object, VOUCHED, again])).toMatch(
      /issuer, subject and audience are those of federated_credentials\[1\]/,
    )
  })

  it('have their keys in one place', async () => {
    const both = { ...VOUCHED, jwks: { keys: [] }, jwks_uri: 'https://oidc.cluster.local/keys' }
    expect(await problems([both])).toMatch(/jwks or jwks_uri, not both/)
  })

  it('are all that private_key_jwt needs', async () => {
    const token_endpoint_auth_method = 'private_key_jwt'
    expect(await problems([VOUCHED], { token_endpoint_auth_method })).toBe('')
    expect(await problems([], { token_endpoint_auth_method })).toMatch(/private_key_jwt needs jwks/)
  })

  it('make a client confidential, which none does', async () => {
    const options = { names, directory: '.', readFile: () => '' }
    const client = { client_id: 'web', redirect_uris: ['https://app.test/cb'] }
    const pkce = async (federated_credentials: (typeof VOUCHED)[]) => {
      const { tenants } = await validateInput({ clients: [{ ...client, federated_credentials }] }, options)
      return tenants[0]?.clients[0]?.require_pkce
    }
    expect([await pkce([]), await pkce([VOUCHED])]).toEqual([true, false])
  })
})
