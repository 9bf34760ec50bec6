import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import type { ClientInput } from '../support/configured.ts'
import { fileWith } from '../support/folder.ts'
import { decode } from '../support/http.ts'
import { startSecure } from '../support/tls.ts'
import { certified, type Pem } from '../support/tls_client.ts'

const BOUND = { tls_client_certificate_bound_access_tokens: true } as const
const ISSUED: ClientInput = {
  client_id: 'partner',
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_san_uri: 'spiffe://example.test/partner',
  ...BOUND,
}

const own = await certified()
const other = await certified()
const SELF_SIGNED: ClientInput = {
  client_id: 'partner',
  token_endpoint_auth_method: 'self_signed_tls_client_auth',
  certificate_file: fileWith('openid_client.pem', own.cert),
  ...BOUND,
}

/** Served by https alone, so that the issuer itself is where certificates are shown. */
const startFor = (registered: ClientInput, port: number | null = null) =>
  startSecure({ server: { port, tls: { client_ca: 'auto' } }, clients: [registered] })
type Secure = Awaited<ReturnType<typeof startFor>>

function discover({ idp, fetch, as }: Secure, certificate?: Pem) {
  const by = certificate === undefined ? fetch : as(certificate)
  return client.discovery(new URL(idp.issuer), 'partner', {}, client.TlsClientAuth(), {
    [client.customFetch]: by as client.CustomFetch,
  })
}

describe('openid-client with mutual TLS', () => {
  it.each([
    ['tls_client_auth', ISSUED, ({ idp }: Secure) => idp.clientCertificate('partner')],
    ['self_signed_tls_client_auth', SELF_SIGNED, async () => own],
  ] as const)(
    'gets bound tokens by %s, introspects, asks who it is and revokes',
    async (_method, registered, of) => {
      await using secure = await startFor(registered)
      const configuration = await discover(secure, await of(secure))
      const { access_token } = await client.clientCredentialsGrant(configuration)
      const { cnf } = decode(access_token).claims
      expect(cnf).toEqual({ 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) })
      expect(await client.tokenIntrospection(configuration, access_token)).toMatchObject({
        active: true,
        cnf,
      })
      expect(await client.fetchUserInfo(configuration, access_token, 'partner')).toEqual({ sub: 'partner' })
      await client.tokenRevocation(configuration, access_token)
      expect(await client.tokenIntrospection(configuration, access_token)).toEqual({ active: false })
    },
  )

  it('finds its way from an issuer at http by the endpoint aliases', async () => {
    await using secure = await startFor(ISSUED, 0)
    const shown = secure.as(await secure.idp.clientCertificate('partner'))
    const by: typeof fetch = (input, init) => (String(input).startsWith('http:') ? fetch : shown)(input, init)
    const configuration = await client.discovery(
      new URL(secure.idp.issuer),
      'partner',
      { use_mtls_endpoint_aliases: true },
      client.TlsClientAuth(),
      { [client.customFetch]: by as client.CustomFetch, execute: [client.allowInsecureRequests] },
    )
    expect(configuration.serverMetadata().issuer).toMatch(/^http:/)
    const { access_token } = await client.clientCredentialsGrant(configuration)
    expect(await client.fetchUserInfo(configuration, access_token, 'partner')).toEqual({ sub: 'partner' })
  })

  it.each([
    ['no certificate', undefined],
    ['another certificate', other],
  ])('gets none with %s', async (_what, certificate) => {
    await using secure = await startFor(SELF_SIGNED)
    const configuration = await discover(secure, certificate)
    await expect(client.clientCredentialsGrant(configuration)).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    })
  })
})
