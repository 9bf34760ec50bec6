import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { fileWith } from '../support/folder.ts'
import { get } from '../support/http.ts'
import { shell } from '../support/shell.ts'

const TENANT = '7a9b1cde-0f12-4a34-8b56-789abcdef012'
const CLIENT_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
// Characters that a client must encode, or lose.
const CLIENT_SECRET = 'q+8~w/K=1&%20 é'
const FQDN = 'app.rkvst.example'

const configFile = fileWith(
  'rkvst.yaml',
  `
dialect: entra
id: ${TENANT}
resources:
  - identifier: https://${FQDN}
clients:
  - client_id: ${CLIENT_ID}
    client_secret: '${CLIENT_SECRET}'
    roles: [archivist_administrator]
`,
)

// Where jwcrypto is: on the machine, or in the folder that .ci/run fills.
const python = {
  ...process.env,
  PYTHONPATH: process.env['IDP_DOUBLE_TEST_PYTHONPATH'] ?? process.env['PYTHONPATH'] ?? '',
}
const hasJwcrypto = spawnSync('python3', ['-c', 'import jwcrypto'], { env: python }).status === 0

describe('RKVST: Getting Access Tokens Using Client Secret', () => {
  it('answers the documented curl with a token for the FQDN', async () => {
    await using idp = await startIdp({ configFile })
    const printed = await shell(
      `RESPONSE=$(curl \${URL}/\${TENANT}/oauth2/token\\
    --data-urlencode "grant_type=client_credentials" \\
    --data-urlencode "client_id=\${API_APP_ID}" \\
    --data-urlencode "client_secret=\${API_APP_SECRET}" \\
    --data-urlencode "resource=https://\${FQDN}")
echo -n $RESPONSE`,
      { URL: idp.url, TENANT, API_APP_ID: CLIENT_ID, API_APP_SECRET: CLIENT_SECRET, FQDN },
    )
    const response = JSON.parse(printed)
    expect(response).toMatchObject({ token_type: 'Bearer', resource: `https://${FQDN}` })

    // What the document's program checks, read as it reads it.
    const [header, payload] = response.access_token
      .split('.', 2)
      .map((part: string) => JSON.parse(Buffer.from(part, 'base64').toString()))
    expect(payload.aud).toBe(`https://${FQDN}`)
    expect(payload.iss).toContain(TENANT)
    expect(payload.roles).toEqual(['archivist_administrator'])
    const now = Math.floor(Date.now() / 1000)
    expect(payload.iat).toBeLessThanOrEqual(now)
    expect(payload.exp).toBeGreaterThan(now)
    const keys = await get(`${idp.url}/${TENANT}/discovery/keys`)
    expect(keys.body).toMatchObject({ keys: [{ kid: header.kid, x5t: header.kid }] })
  })

  it('gives a Python program what it needs to verify the token with jwcrypto', async ({ skip }) => {
    if (!hasJwcrypto && process.env['CI'] !== 'true')
      skip(
        'python3 has no jwcrypto; python3 -m pip install jwcrypto==1.6.1 --target DIR, IDP_DOUBLE_TEST_PYTHONPATH=DIR',
      )
    await using idp = await startIdp({ configFile })
    const program = path.join(import.meta.dirname, '../../fixtures/dialects/verify_token.py')
    const printed = await shell(
      `python3 "$PROGRAM" --url "$URL" --tenant "$TENANT" \\
        --client-id "$API_APP_ID" --client-secret "$API_APP_SECRET" --fqdn "$FQDN"`,
      {
        PYTHONPATH: python.PYTHONPATH,
        PROGRAM: program,
        URL: idp.url,
        TENANT,
        API_APP_ID: CLIENT_ID,
        API_APP_SECRET: CLIENT_SECRET,
        FQDN,
      },
    )
    expect(JSON.parse(printed).claims).toMatchObject({
      tid: TENANT,
      appid: CLIENT_ID,
      appidacr: '1',
      ver: '1.0',
    })
  })
})
