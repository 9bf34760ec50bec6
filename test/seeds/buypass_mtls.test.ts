import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { ClientInput } from '../support/configured.ts'
import { fileWith, folder } from '../support/folder.ts'
import { basic } from '../support/http.ts'
import { shell } from '../support/shell.ts'
import { startSecure } from '../support/tls.ts'
import { certified, type Pem, send } from '../support/tls_client.ts'
import { claimsOf } from '../support/token.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0

const REALM = 'SECURITYDOMAIN'
const TOKEN = `/auth/realms/${REALM}/protocol/openid-connect/token`
const TRIGGER = '?_tlsclientauth=1'
const CLIENT: ClientInput = {
  client_id: 'oidc-client',
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_subject_dn: 'CN=Example AS,serialNumber=983163327,C=NO',
}
const FORM = { grant_type: 'client_credentials', client_id: 'oidc-client' }

const startRealm = (more: Partial<ClientInput> = {}) =>
  startSecure({
    dialect: 'buypass',
    id: REALM,
    server: { tls: { client_ca: 'auto' } },
    clients: [{ ...CLIENT, ...more }],
  })

/** The document's last command, which has the host and the names of the files left to its reader. */
const DOCUMENTED = `SD="${REALM}"
ISSUER_URL="\${ORIGIN}/auth/realms/\${SD}";
# Note: Parameter to trigger MTLS inly when requested
TOKEN_URL="\${ISSUER_URL}/protocol/openid-connect/token?_tlsclientauth=1";
CLIENT_ID="oidc-client";

# Post client authorization request using curl
cd "\${FILES}"
curl -v -i -w "\\n" \\
--cert \${CLIENT_ID}-cert.pem \\
--key \${CLIENT_ID}-key.pem \\
-H "Content-Type: application/x-www-form-urlencoded" \\
-X POST "\${TOKEN_URL}" \\
-d "grant_type=client_credentials"\\
"&client_id=\${CLIENT_ID}"`

/** Runs it with this certificate; CURL_CA_BUNDLE stands for the CA that the reader's machine trusts. */
async function runDocumented(origin: string, ca: string, { cert, key }: Pem): Promise<string> {
  const FILES = folder({ 'oidc-client-cert.pem': cert, 'oidc-client-key.pem': key })
  const CURL_CA_BUNDLE = fileWith('ca.pem', ca)
  return await shell(DOCUMENTED, { ORIGIN: origin, FILES, CURL_CA_BUNDLE })
}

describe('Buypass: two-way TLS', () => {
  it('answers the documented curl', async ({ skip }) => {
    if (!hasCurl && process.env['CI'] !== 'true') skip('curl is not installed')
    await using secure = await startRealm()
    const certificate = await secure.idp.clientCertificate('oidc-client')
    const printed = await runDocumented(secure.httpsUrl, secure.ca, certificate)
    expect(printed).toMatch(/^HTTP\/1.1 200 /)
    const body = JSON.parse(printed.split('\r\n\r\n')[1] ?? '') as Record<string, unknown>
    expect(Object.keys(body).slice(0, 4)).toEqual([
      'access_token',
      'expires_in',
      'refresh_expires_in',
      'token_type',
    ])
  })

  it('refuses it with a certificate that somebody else issued', async ({ skip }) => {
    if (!hasCurl && process.env['CI'] !== 'true') skip('curl is not installed')
    await using secure = await startRealm()
    const subject = [{ C: ['NO'] }, { '2.5.4.5': ['983163327'] }, { CN: ['Example AS'] }]
    const printed = await runDocumented(secure.httpsUrl, secure.ca, await certified({ subject }))
    expect(printed).toMatch(/^HTTP\/1.1 401 /)
    expect(printed).toContain('x-mock-reason: client.certificate_untrusted')
    expect(printed).toContain('"error":"unauthorized_client"')
  })

  it.each([
    ['without the parameter', ''],
    ['with another value of it', '?_tlsclientauth=0'],
  ])('does not look at the certificate %s', async (_what, query) => {
    await using secure = await startRealm()
    const as = secure.as(await secure.idp.clientCertificate('oidc-client'))
    const refused = await send(as, `${secure.httpsUrl}${TOKEN}${query}`, FORM)
    expect(refused.headers.get('x-mock-reason')).toBe('client.certificate_missing')
    expect((await send(as, `${secure.httpsUrl}${TOKEN}${TRIGGER}`, FORM)).status).toBe(200)
  })

  it('binds tokens only where the parameter asks for the certificate', async () => {
    const bound = { tls_client_certificate_bound_access_tokens: true, client_secret: 'mysecret' }
    const secret = { token_endpoint_auth_method: undefined, tls_client_auth_subject_dn: undefined }
    await using secure = await startRealm({ ...bound, ...secret })
    const as = secure.as(await certified())
    const form = { grant_type: 'client_credentials' }
    const login = basic('oidc-client', 'mysecret')
    const answer = await send(as, `${secure.httpsUrl}${TOKEN}${TRIGGER}`, form, login)
    expect(claimsOf(answer)).toHaveProperty(['cnf', 'x5t#S256'])
    const refused = await send(as, `${secure.httpsUrl}${TOKEN}`, form, login)
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: 'Client Certification missing for MTLS HoK Token Binding',
      },
    ])
  })

  it('leaves other dialects alone, whose paths take any query', async () => {
    await using secure = await startSecure({
      dialect: 'keycloak@26',
      id: REALM,
      server: { tls: { client_ca: 'auto' } },
      clients: [CLIENT],
    })
    const as = secure.as(await secure.idp.clientCertificate('oidc-client'))
    const url = `${secure.httpsUrl}${TOKEN.replace('/auth', '')}`
    for (const query of ['', TRIGGER, '?_tlsclientauth=0'])
      expect((await send(as, `${url}${query}`, FORM)).status).toBe(200)
  })
})
