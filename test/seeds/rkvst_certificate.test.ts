import { randomUUID } from 'node:crypto'
import { CompactSign } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeCertificate } from '../support/certificate.ts'
import { post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const TENANT = '7a9b1cde-0f12-4a34-8b56-789abcdef012'
const DOMAIN = 'contoso.onmicrosoft.com'
const CLIENT_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const RESOURCE = 'https://app.rkvst.example'

const registered = await makeCertificate('registered')
const other = await makeCertificate('other')

const startTenant = () =>
  startIdp({
    dialect: 'entra',
    id: TENANT,
    aliases: [DOMAIN],
    resources: [{ identifier: RESOURCE }],
    clients: [{ client_id: CLIENT_ID, certificate_file: registered.file }],
  })

function sign(header: object, claims: object, { key } = registered): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader(header as { alg: string })
    .sign(key)
}

const RS256 = { alg: 'RS256', typ: 'JWT', x5t: registered.sha1.toString('base64url') }
const PS256 = { alg: 'PS256', typ: 'JWT', 'x5t#S256': registered.sha256.toString('base64url') }
const now = () => Math.floor(Date.now() / 1000)

function claimsFor(audience: string) {
  const iat = now()
  const named = { aud: audience, iss: CLIENT_ID, sub: CLIENT_ID, jti: randomUUID() }
  return { ...named, iat, nbf: iat, exp: iat + 600 }
}

function askToken(url: string, client_assertion: string, more: Record<string, string> = {}) {
  return post(url, {
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
    resource: RESOURCE,
    ...more,
  })
}

describe('Certificate based assertion of identity (Entra, client_assertion)', () => {
  it.each([
    ['RS256 and x5t', RS256],
    ['RS256 and an x5t padded with =', { ...RS256, x5t: `${RS256.x5t}=` }],
    ['PS256 and x5t#S256', PS256],
    ['PS256 and x5t#S256, with the chain in x5c', { ...PS256, x5c: [registered.der] }],
    ['PS256 and x5t#S256, with x5c a single string', { ...PS256, x5c: registered.der }],
  ])('accepts %s', async (_name, header) => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/token`
    const answer = await askToken(url, await sign(header, claimsFor(url)))
    expect(answer.status, answer.text).toBe(200)
    expect(claimsOf(answer)).toMatchObject({ aud: RESOURCE, appid: CLIENT_ID, appidacr: '2' })
  })

  it.each([
    ['dates that are floats, and no nbf', () => ({ iat: now() + 0.25, nbf: undefined, exp: now() + 600.75 })],
    ['dates that are strings', () => ({ nbf: `${now()}`, exp: `${now() + 600}` })],
    ['an nbf one second ahead', () => ({ nbf: now() + 1 })],
    ['an nbf within five minutes', () => ({ nbf: now() + 290 })],
    ['an exp that passed within five minutes', () => ({ exp: now() - 290 })],
  ])('accepts %s', async (_name, change) => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/token`
    const answer = await askToken(url, await sign(PS256, { ...claimsFor(url), ...change() }))
    expect(answer.status, answer.text).toBe(200)
  })

  it.each([
    ['the v1 token endpoint', `/${TENANT}/oauth2/token`],
    ['the v2 token endpoint', `/${TENANT}/oauth2/v2.0/token`],
    ['the v1 token endpoint by domain', `/${DOMAIN}/oauth2/token`],
    ['the v2 token endpoint by domain', `/${DOMAIN}/oauth2/v2.0/token`],
    ['the v2 token endpoint by a GUID in capitals', `/${TENANT.toUpperCase()}/oauth2/v2.0/token`],
    ['the v1 issuer', `/${TENANT}/`],
    ['the v2 issuer', `/${TENANT}/v2.0`],
  ])('accepts as audience %s', async (_name, audience) => {
    await using idp = await startTenant()
    for (const tenant of [TENANT, DOMAIN]) {
      const assertion = await sign(PS256, claimsFor(`${idp.url}${audience}`))
      const answer = await askToken(`${idp.url}/${tenant}/oauth2/token`, assertion)
      expect(answer.status, answer.text).toBe(200)
    }
  })

  it('accepts an audience that lists issuer and token endpoint', async () => {
    await using idp = await startTenant()
    const aud = [`${idp.url}/${TENANT}/v2.0`, `${idp.url}/${TENANT}/oauth2/v2.0/token`]
    const assertion = await sign(PS256, { ...claimsFor(''), aud })
    const answer = await askToken(`${idp.url}/${TENANT}/oauth2/v2.0/token`, assertion, {
      scope: `${RESOURCE}/.default`,
    })
    expect(answer.status, answer.text).toBe(200)
  })

  it.each([
    ['a certificate that is not registered', 700027, { signer: other, thumbprint: other.sha1 }],
    ['another key behind the registered thumbprint', 700027, { signer: other, thumbprint: registered.sha1 }],
  ])('refuses %s with AADSTS%i', async (_name, code, { signer, thumbprint }) => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/token`
    const header = { alg: 'RS256', typ: 'JWT', x5t: thumbprint.toString('base64url') }
    const { status, body } = await askToken(url, await sign(header, claimsFor(url), signer))
    expect({ status, error: body['error'], codes: body['error_codes'] }).toEqual({
      status: 401,
      error: 'invalid_client',
      codes: [code],
    })
  })

  it.each([
    ['one that expired', 700024, () => ({ exp: now() - 301 })],
    ['one that is not valid yet', 700024, () => ({ nbf: now() + 310 })],
    ['one for another audience', 700023, () => ({ aud: 'https://elsewhere.example/token' })],
    ['one whose subject is not the client', 700021, () => ({ sub: randomUUID() })],
    ['one without jti', 50027, () => ({ jti: undefined })],
  ])('refuses %s with AADSTS%i', async (_name, code, change) => {
    await using idp = await startTenant()
    const url = `${idp.url}/${TENANT}/oauth2/token`
    const { status, body } = await askToken(url, await sign(RS256, { ...claimsFor(url), ...change() }))
    expect({ status, error: body['error'], codes: body['error_codes'] }).toEqual({
      status: 401,
      error: 'invalid_client',
      codes: [code],
    })
    expect(body['error_description']).toMatch(new RegExp(`^AADSTS${code}: `))
  })
})
