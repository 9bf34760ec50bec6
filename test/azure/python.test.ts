import { execFile, spawnSync } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { startSecure } from '../support/tls.ts'

const TENANT = '7a9b1cde-0f12-4a34-8b56-789abcdef012'
const CLIENT_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const PUBLIC_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3302'
const USER_ASSIGNED = '3f2504e0-4f89-41d3-9a0c-0305e82c3303'
const RESOURCE = 'api://orders'

const CONFIG = {
  dialect: 'entra',
  id: TENANT,
  resources: [{ identifier: RESOURCE, scopes: ['read'] }],
  clients: [
    { client_id: CLIENT_ID, client_secret: 's3cret' },
    {
      client_id: PUBLIC_ID,
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code' as const],
    },
  ],
  managed_identity: {
    identities: [
      { name: 'machine', type: 'SystemAssigned' as const },
      { name: 'worker', client_id: USER_ASSIGNED, roles: ['Data.Read'] },
    ],
  },
}

// Where the SDKs are: on the machine, or in the folder that .ci/run fills.
const PYTHONPATH = process.env['IDP_DOUBLE_TEST_PYTHONPATH'] ?? process.env['PYTHONPATH'] ?? ''
const hasSdks =
  spawnSync('python3', ['-c', 'import msal, azure.identity'], { env: { ...process.env, PYTHONPATH } })
    .status === 0

const SCRIPT = path.join(import.meta.dirname, 'scripts/python_sdks.py')

const run = promisify(execFile)

function claimsOf({ access_token }: { access_token: string }) {
  return decodeJwt(access_token)
}

describe("Microsoft's Python SDKs", () => {
  it('get tokens by client secret, device code and managed identity, over https with the CA', async (test) => {
    if (!hasSdks && process.env['CI'] === undefined)
      test.skip('python3 has no msal and azure.identity; pip install msal azure-identity --target DIR')
    await using secure = await startSecure(CONFIG)
    const { idp, httpsUrl } = secure
    const { stdout } = await run('python3', [SCRIPT], {
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH,
        ...idp.env('azure'),
        AZURE_AUTHORITY_HOST: undefined,
        AUTHORITY_HOST: httpsUrl,
        TENANT,
        CLIENT_ID,
        CLIENT_SECRET: 's3cret',
        PUBLIC_ID,
        RESOURCE,
        USER_ASSIGNED,
      },
    })
    const seen = JSON.parse(stdout)

    expect(claimsOf(seen.msal_client_secret)).toMatchObject({ appid: CLIENT_ID, aud: RESOURCE, tid: TENANT })
    expect(seen.msal_client_secret).toMatchObject({ first_from: 'identity_provider', again_from: 'cache' })
    expect(seen.msal_wrong_secret).toMatchObject({ error: 'invalid_client', error_codes: [7000215] })
    expect(seen.msal_device_code).toMatchObject({ pending: 'authorization_pending' })
    expect(seen.msal_device_code.message).toContain(seen.msal_device_code.user_code)

    expect(claimsOf(seen.identity_client_secret)).toMatchObject({ appid: CLIENT_ID })
    expect(seen.identity_wrong_secret).toMatchObject({ raised: 'ClientAuthenticationError' })
    expect(seen.identity_wrong_secret.message).toContain('AADSTS7000215')

    expect(claimsOf(seen.imds)).toMatchObject({ aud: 'https://storage.azure.com', appidacr: '2' })
    expect(claimsOf(seen.imds_user_assigned)).toMatchObject({ appid: USER_ASSIGNED, roles: ['Data.Read'] })
    expect(seen.imds_unknown.raised).toBe('CredentialUnavailableError')
    expect(seen.imds_unknown.message).toContain('Identity not found')
    expect(claimsOf(seen.app_service)).toMatchObject({ aud: 'https://storage.azure.com' })
  })
})
