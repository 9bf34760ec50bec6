import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ASSERTION_TYPE, assertion, assertionForm } from '../support/assertion.ts'
import { post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const CLIENT_ID = 'your_client_id'
const CLIENT_SECRET = 'your_client_secret'
const clients = [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET }]
const key = new TextEncoder().encode(CLIENT_SECRET)

/** The article's program, with its mistakes: sub is no client_id, and there is no jti. */
function articleAssertion(audience: string): Promise<string> {
  const payload = { iss: CLIENT_ID, sub: 'unique_request', aud: audience }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime('5 minutes')
    .sign(key)
}

/** The article's curl, with its placeholders filled. */
async function articleForm(audience: string): Promise<Record<string, string>> {
  return {
    grant_type: 'client_credentials',
    assertion: await articleAssertion(audience),
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  }
}

function signed(aud: string, claims: Record<string, unknown> = {}) {
  return assertion({ client: CLIENT_ID, aud, key, alg: 'HS256', claims })
}

describe('JWT Client Authentication with the client secret (client_secret_jwt)', () => {
  it.each([
    ['the issuer', ''],
    ['the token endpoint', '/token'],
  ])('issues a token for an HS256 assertion whose audience is %s', async (_name, path) => {
    await using idp = await startIdp({ clients })
    const answer = await post(`${idp.issuer}/token`, assertionForm(await signed(`${idp.issuer}${path}`)))
    expect(answer.status, answer.text).toBe(200)
    expect(claimsOf(answer)).toMatchObject({ client_id: CLIENT_ID, iss: idp.issuer })
  })

  it('refuses an assertion that another secret signed', async () => {
    await using idp = await startIdp({ clients })
    const wrong = await assertion({
      client: CLIENT_ID,
      aud: idp.issuer,
      key: new TextEncoder().encode('another_secret'),
      alg: 'HS256',
    })
    const { status, body } = await post(`${idp.issuer}/token`, assertionForm(wrong))
    expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
    expect(body['error_description']).toContain('HS256 signature of client_assertion does not match')
  })
})

describe('JWT Client Authentication, as the article requests it', () => {
  it('says that assertion should be client_assertion', async () => {
    await using idp = await startIdp({ clients })
    const { status, headers, body } = await post(`${idp.issuer}/token`, await articleForm(idp.issuer))
    expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
    expect(headers.get('x-mock-reason')).toBe('assertion.missing')
    expect(body['error_description']).toContain(
      'the JWT came as assertion, which is a parameter of the jwt-bearer grant; to authenticate a client, ' +
        `name it client_assertion and send client_assertion_type=${ASSERTION_TYPE}`,
    )
  })

  it('says that client_assertion_type is missing', async () => {
    await using idp = await startIdp({ clients })
    const { client_assertion_type: _left, ...form } = assertionForm(await articleAssertion(idp.issuer))
    const { status, headers, body } = await post(`${idp.issuer}/token`, form)
    expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
    expect(headers.get('x-mock-reason')).toBe('assertion.type_missing')
    expect(body['error_description']).toContain(`add client_assertion_type=${ASSERTION_TYPE}`)
  })

  it('says that sub must be the client_id', async () => {
    await using idp = await startIdp({ clients })
    const form = { ...assertionForm(await articleAssertion(idp.issuer)), client_id: CLIENT_ID }
    const { status, headers, body } = await post(`${idp.issuer}/token`, form)
    expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
    expect(headers.get('x-mock-reason')).toBe('assertion.iss_sub_mismatch')
    expect(body['error_description']).toContain(
      `sub of client_assertion is unique_request, expected the client_id ${CLIENT_ID}`,
    )
  })

  it('says that jti is missing', async () => {
    await using idp = await startIdp({ clients })
    const form = assertionForm(await signed(idp.issuer, { jti: undefined }))
    const { status, headers, body } = await post(`${idp.issuer}/token`, form)
    expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
    expect(headers.get('x-mock-reason')).toBe('assertion.claim_missing')
    expect(body['error_description']).toContain('client_assertion has no jti')
  })

  it('says that a secret beside the assertion is one method too many', async () => {
    await using idp = await startIdp({ clients })
    const form = {
      ...assertionForm(await signed(idp.issuer)),
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    }
    const { status, headers, body } = await post(`${idp.issuer}/token`, form)
    expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_request' })
    expect(headers.get('x-mock-reason')).toBe('client.several_methods')
    expect(body['error_description']).toContain('client_secret_jwt and client_secret_post at once')
  })

  it('lets the article pass where client_assertion is lax', async () => {
    await using idp = await startIdp({ clients, strictness: { client_assertion: 'lax' } })
    expect((await post(`${idp.issuer}/token`, await articleForm(idp.issuer))).status).toBe(200)
    const form = { ...assertionForm(await articleAssertion(idp.issuer)), client_assertion_type: 'jwt' }
    expect((await post(`${idp.issuer}/token`, form)).status).toBe(200)
  })

  it('still verifies the signature where client_assertion is lax', async () => {
    await using idp = await startIdp({ clients, strictness: { client_assertion: 'lax' } })
    const [head, , tail] = (await articleAssertion(idp.issuer)).split('.')
    const forged = Buffer.from(JSON.stringify({ iss: CLIENT_ID })).toString('base64url')
    const { headers } = await post(`${idp.issuer}/token`, assertionForm(`${head}.${forged}.${tail}`))
    expect(headers.get('x-mock-reason')).toBe('assertion.signature')
  })

  it('answers in the words of Keycloak in its dialect', async () => {
    await using idp = await startIdp({ clients, dialect: 'keycloak@26' })
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const { client_assertion_type: _left, ...form } = assertionForm(await articleAssertion(idp.issuer))
    const { status, body } = await post(url, form)
    expect({ status, ...body }).toEqual({
      status: 400,
      error: 'invalid_client',
      error_description: 'Parameter client_assertion_type is missing',
    })
  })
})
