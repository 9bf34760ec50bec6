/** OpenID Connect conformance: the plan "config", one module of many checks; a warning there is a failure here. */
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'
import { BASIC, REDIRECT_URI, RelyingParty, SECRET, startOp } from '../support/relying_party.ts'

type Metadata = Readonly<Record<string, unknown>>

/** The members that specifications name, by their type; `_supported` is left out of lists. */
const TEXT = /^(issuer|jwks_uri|service_documentation|op_policy_uri|op_tos_uri|[a-z_]+_endpoint)$/
const FLAGS = [
  'claims_parameter_supported',
  'request_parameter_supported',
  'request_uri_parameter_supported',
  'require_request_uri_registration',
  'authorization_response_iss_parameter_supported',
  'frontchannel_logout_supported',
  'frontchannel_logout_session_supported',
  'backchannel_logout_supported',
  'backchannel_logout_session_supported',
  'backchannel_user_code_parameter_supported',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  'tls_client_certificate_bound_access_tokens',
]
const LISTS = [
  'scopes response_types response_modes grant_types acr_values subject_types claims claim_types',
  'display_values prompt_values ui_locales claims_locales code_challenge_methods dpop_signing_alg_values',
  ...['id_token', 'userinfo', 'request_object', 'authorization', 'introspection'].map((what) =>
    ['signing_alg', 'encryption_alg', 'encryption_enc'].map((how) => `${what}_${how}_values`).join(' '),
  ),
  ...['token', 'introspection', 'revocation'].map(
    (what) => `${what}_endpoint_auth_methods ${what}_endpoint_auth_signing_alg_values`,
  ),
  'authorization_details_types backchannel_token_delivery_modes',
  'backchannel_authentication_request_signing_alg_values',
].flatMap((names) => names.split(' ').map((name) => `${name}_supported`))
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The provider behind a proxy that does its TLS: every URL is to be https. */
const start = () =>
  startIdp({
    server: { trust_proxy: true },
    issuer: { url: 'https://op.test' },
    scopes: { loyalty: ['loyalty_points'] },
    resources: [{ identifier: 'https://api.test', scopes: ['read'] }],
    clients: [
      { client_id: 'client', client_secret: SECRET, redirect_uris: [REDIRECT_URI] },
      { client_id: 'batch', client_secret: SECRET },
    ],
    users: [{ username: 'alice' }],
  })

async function metadataOf({ url }: { url: string }): Promise<Metadata> {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'op.test' }
  return (await get(`${url}/.well-known/openid-configuration`, headers)).body
}

const list = (metadata: Metadata, name: string) => metadata[name] as readonly string[]

describe('oidcc-discovery-endpoint-verification', () => {
  it('answers 200 and application/json, with the issuer that the URL and every iss have', async () => {
    await using idp = await startOp()
    const { status, headers, body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)])
    const { answer, id } = await new RelyingParty(idp.issuer, BASIC[0]!).login()
    expect([body['issuer'], answer['iss'], id.iss]).toEqual([idp.issuer, idp.issuer, idp.issuer])
  })

  it('shows the endpoints that every plan needs, all of them https', async () => {
    await using idp = await start()
    const metadata = await metadataOf(idp)
    const urls = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$|^issuer$/.test(name))
    const needed = ['authorization', 'token', 'userinfo', 'end_session'].map((name) => `${name}_endpoint`)
    expect(urls.map(([name]) => name)).toEqual(expect.arrayContaining(['issuer', 'jwks_uri', ...needed]))
    for (const [, url] of urls) expect(url).toMatch(/^https:\/\/op\.test(\/|$)/)
  })

  it('has no member that no specification names, and each with its type', async () => {
    await using idp = await start()
    for (const [name, value] of Object.entries(await metadataOf(idp))) {
      if (FLAGS.includes(name)) expect([name, value]).toEqual([name, expect.any(Boolean)])
      else if (TEXT.test(name)) expect([name, value]).toEqual([name, expect.stringMatching(/^https:/)])
      else {
        expect(LISTS).toContain(name)
        expect([name, value]).toEqual([
          name,
          expect.toSatisfy((each) => Array.isArray(each) && each.length > 0),
        ])
        expect(new Set(value as string[]).size).toBe((value as string[]).length)
      }
    }
  })

  it('lists the response types, code first, and the grant types, of which refresh_token is honoured', async () => {
    await using idp = await start()
    const metadata = await metadataOf(idp)
    expect(list(metadata, 'response_types_supported')).toEqual(
      expect.arrayContaining(['code', 'id_token', 'id_token token', 'code id_token']),
    )
    expect(list(metadata, 'grant_types_supported')).toEqual(
      expect.arrayContaining(['authorization_code', 'implicit', 'refresh_token']),
    )
    expect(list(metadata, 'response_modes_supported')).toEqual(
      expect.arrayContaining(['query', 'fragment', 'form_post']),
    )
    await using op = await startOp()
    const { tokens } = await new RelyingParty(op.issuer, BASIC[0]!).login({ scope: 'openid offline_access' })
    expect(tokens).toHaveProperty('refresh_token')
  })

  it('lists subject types, and RS256 among the algorithms of ID tokens and of request objects', async () => {
    await using idp = await start()
    const metadata = await metadataOf(idp)
    expect(list(metadata, 'subject_types_supported')).toEqual(['public', 'pairwise'])
    expect(list(metadata, 'id_token_signing_alg_values_supported')).toContain('RS256')
    expect(list(metadata, 'request_object_signing_alg_values_supported')).toContain('RS256')
  })

  it('lists scopes, openid among them, each a legal scope token, and claims', async () => {
    await using idp = await start()
    const metadata = await metadataOf(idp)
    const scopes = list(metadata, 'scopes_supported')
    const own = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']
    expect(scopes).toEqual(expect.arrayContaining([...own, 'loyalty', 'read']))
    for (const scope of scopes) expect(scope).toMatch(SCOPE_TOKEN)
    expect(list(metadata, 'claims_supported')).toEqual(
      expect.arrayContaining(['sub', 'iss', 'auth_time', 'acr', 'name', 'email', 'loyalty_points']),
    )
  })

  it('lists languages as well-formed tags in their canonical case', async () => {
    await using idp = await start()
    const metadata = await metadataOf(idp)
    for (const name of ['ui_locales_supported', 'claims_locales_supported']) {
      const tags = list(metadata, name) ?? []
      expect(Intl.getCanonicalLocales([...tags])).toEqual(tags)
    }
  })

  it('lists S256, and the authentication method of every plan', async () => {
    await using idp = await start()
    const metadata = await metadataOf(idp)
    expect(list(metadata, 'code_challenge_methods_supported')).toContain('S256')
    expect(list(metadata, 'token_endpoint_auth_methods_supported')).toEqual(
      expect.arrayContaining([
        'none',
        'client_secret_basic',
        'client_secret_post',
        'client_secret_jwt',
        'private_key_jwt',
      ]),
    )
  })

  it('lists the acr values of the configuration, and every prompt that is understood', async () => {
    await using op = await startOp()
    const { body } = await get(`${op.issuer}/.well-known/openid-configuration`)
    expect(body['acr_values_supported']).toEqual(['1', '2'])
    expect(body['prompt_values_supported']).toEqual(['none', 'login', 'consent', 'select_account', 'create'])
  })

  it('shows keys of which each has a kid of its own, and one is for the ID tokens', async () => {
    await using idp = await startOp()
    const { keys } = (await get(`${idp.issuer}/jwks.json`)).body as { keys: Record<string, unknown>[] }
    const kids = keys.map(({ kid }) => kid)
    expect(kids).toEqual(kids.map(() => expect.stringMatching(/./)))
    expect(new Set(kids).size).toBe(keys.length)
    for (const key of keys) expect(Object.keys(key)).not.toContain('d')
    const rp = new RelyingParty(idp.issuer, BASIC[0]!)
    const { tokens } = await rp.login()
    const { protectedHeader } = await rp.verified(tokens?.['id_token'])
    const { kid, alg } = protectedHeader
    expect(
      keys.filter((key) => key['kid'] === kid && key['alg'] === alg && key['use'] === 'sig'),
    ).toHaveLength(1)
  })
})
