import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { listen } from '../support/application.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'

const REDIRECT_URI = 'http://localhost:3000/callback'
const SECRET = { client_id: 'web', client_secret: 's3cret' }

describe('OpenID Connect Core §10.2 the key that an ID token is encrypted with', () => {
  it('uses up no code where it cannot be had: the client may try again', async () => {
    await using keys = await listen()
    await using idp = await startIdp({
      clients: [
        {
          ...SECRET,
          redirect_uris: [REDIRECT_URI],
          jwks_uri: `${keys.url}/jwks.json`,
          id_token_encrypted_response_alg: 'RSA-OAEP-256',
        },
      ],
      users: [{ username: 'alice' }],
    })
    const page = await signIn(
      new Browser(idp.issuer),
      authorizeUrl(idp.issuer, { client_id: 'web', redirect_uri: REDIRECT_URI }),
    )
    const request = { code: answerAt(page).get('code') ?? '', redirect_uri: REDIRECT_URI, ...SECRET }

    const refused = await redeem(idp.issuer, request)
    expect([refused.status, refused.headers.get('x-mock-reason')]).toEqual([400, 'client.no_encryption_key'])

    const { publicKey } = await generateKeyPair('RSA-OAEP-256')
    const jwk = await exportJWK(publicKey)
    keys.serve((_request, response) => response.end(JSON.stringify({ keys: [{ ...jwk, use: 'enc' }] })))
    const { status, body } = await redeem(idp.issuer, request)
    expect(status).toBe(200)
    expect(String(body['id_token']).split('.')).toHaveLength(5)
  })
})
