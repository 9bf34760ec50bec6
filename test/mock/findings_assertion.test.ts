import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ASSERTION_TYPE, assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { type Judged, startJudged } from '../support/judged.ts'

const SECRET = 'a secret of the client, 32 octets or more'
const key = await makeKey()

const start = (more: Parameters<typeof startJudged>[0] = {}) =>
  startJudged({
    clients: [
      { client_id: 'batch', jwks: { keys: [key.jwk] } },
      { client_id: 'shared', client_secret: SECRET },
    ],
    ...more,
  })

type Claims = Record<string, unknown>

/** Asks for a token with an assertion that is right but for what is given. */
async function ask(idp: Judged, claims: Claims = {}, aud: string | string[] = idp.issuer) {
  const text = await assertion({ client: 'batch', aud, key: key.privateKey, claims })
  return { ...(await idp.token(assertionForm(text))), sent: text }
}

describe('RFC 7523 §3: the assertions of clients', () => {
  it('are right with the issuer as aud, a jti and a short life', async () => {
    await using idp = await start()
    expect((await ask(idp)).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })

  it('are for this server', async () => {
    await using idp = await start()
    expect((await ask(idp, {}, 'https://another.example.test')).status).toBe(401)
    expect(idp.findings()).toMatchObject([{ id: 'assertion_audience_wrong', severity: 'error' }])
  })

  it('are for this server alone', async () => {
    await using idp = await start()
    expect((await ask(idp, {}, [idp.issuer, 'https://another.example.test'])).status).toBe(200)
    expect(idp.findings()).toMatchObject([
      { id: 'assertion_audience_foreign', severity: 'warning', client_id: 'batch' },
      { id: 'assertion_audience_not_issuer', severity: 'info' },
    ])
  })

  it('name an endpoint, or several names of this server, which is worth a word', async () => {
    await using idp = await start()
    expect((await ask(idp, {}, `${idp.issuer}/token`)).status).toBe(200)
    expect((await ask(idp, {}, [idp.issuer, `${idp.issuer}/token`])).status).toBe(200)
    expect(idp.findings()).toMatchObject([
      { id: 'assertion_audience_not_issuer', severity: 'info', count: 2 },
    ])
  })

  it('name what the provider asks for, where it asks for an endpoint', async () => {
    await using idp = await startJudged({
      dialect: 'keycloak@26',
      clients: [{ client_id: 'batch', jwks: { keys: [key.jwk] } }],
    })
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const text = await assertion({ client: 'batch', aud: url, key: key.privateKey })
    const body = new URLSearchParams(assertionForm(text))
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })

  it('are used once', async () => {
    await using idp = await start()
    const { sent } = await ask(idp)
    expect((await idp.token(assertionForm(sent))).status).toBe(401)
    expect(idp.findings()).toMatchObject([{ id: 'assertion_replayed', severity: 'error', requests: [2] }])
  })

  it('have a jti', async () => {
    await using idp = await start()
    await ask(idp, { jti: undefined })
    expect(idp.findings()).toMatchObject([{ id: 'assertion_jti_missing', severity: 'error' }])
  })

  it('have a jti: said once, where strictness lets it pass', async () => {
    await using idp = await start({ strictness: { client_assertion: 'warn' } })
    expect((await ask(idp, { jti: undefined })).status).toBe(200)
    expect(idp.ids()).toEqual(['check.client_assertion'])
  })

  it('live for an hour at most', async () => {
    await using idp = await start()
    const now = Math.floor(Date.now() / 1000)
    expect((await ask(idp, { exp: now + 3600, iat: now })).status).toBe(200)
    expect((await ask(idp, { exp: now + 3600, iat: undefined, nbf: now })).status).toBe(200)
    expect(idp.findings()).toEqual([])
    expect((await ask(idp, { exp: now + 86_400, iat: now })).status).toBe(200)
    expect(idp.findings()).toMatchObject([
      { id: 'assertion_lifetime', severity: 'warning', text: 'client_assertion lives for 1440 minutes' },
    ])
  })

  it('may be signed with the secret, which is worth a word', async () => {
    await using idp = await start()
    const secret = new TextEncoder().encode(SECRET)
    const text = await assertion({ client: 'shared', aud: idp.issuer, key: secret, alg: 'HS256' })
    expect((await idp.token(assertionForm(text))).status).toBe(200)
    expect(idp.findings()).toMatchObject([{ id: 'assertion_symmetric', severity: 'info' }])
  })

  it('are not judged where another issuer made them', async () => {
    await using idp = await start()
    const claims = { iss: 'https://cluster.example.test', jti: undefined, exp: 4_000_000_000 }
    await ask(idp, claims)
    expect(idp.findings()).toEqual([])
  })

  it.each(['', 'a', 'a.b.c', `${Buffer.from('[]').toString('base64url')}.e30.`])(
    'that cannot be read break nothing: %j',
    async (client_assertion) => {
      await using idp = await start()
      const form = { client_id: 'batch', client_assertion_type: ASSERTION_TYPE, client_assertion }
      const { status } = await idp.token({ grant_type: 'client_credentials', jti: randomUUID(), ...form })
      expect(status).toBe(401)
    },
  )
})
