import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { post } from '../support/http.ts'
import { postMany, tally } from '../support/post_many.ts'

describe('RFC 7523 §3 jti', () => {
  it('accepts exactly one of ten thousand uses of one assertion at once', { timeout: 60_000 }, async () => {
    const key = await makeKey()
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const came = await postMany(`${idp.issuer}/token`, { form: assertionForm(jwt), times: 10_000 })
    expect(tally(came)).toEqual({ 200: 1, '401 invalid_client': 9_999 })
  })

  it('refuses a second use with invalid_client, and says so', async () => {
    const key = await makeKey()
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(200)
    const again = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect(again).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(again.body.error_description).toMatch(/was used before/)
  })

  it('remembers a jti for as long as the assertion could be used', async () => {
    const key = await makeKey()
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const exp = Math.floor(Date.now() / 1000) + 600
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey, claims: { exp } })
    const use = async () => (await post(`${idp.issuer}/token`, assertionForm(jwt))).body
    expect(await use()).toMatchObject({ token_type: 'Bearer' })
    await idp.clock.advance(650)
    expect((await use()).error_description).toMatch(/was used before/)
    await idp.clock.advance(60)
    expect((await use()).error_description).toMatch(/expired/)
  })

  it('lets two clients use the same jti, and one client two', async () => {
    const key = await makeKey()
    const jwks = { keys: [key.jwk] }
    await using idp = await startIdp({
      clients: [
        { client_id: 'one', jwks },
        { client_id: 'two', jwks },
      ],
    })
    const use = async (client: string, jti: string) => {
      const jwt = await assertion({ client, aud: idp.issuer, key: key.privateKey, claims: { jti } })
      return (await post(`${idp.issuer}/token`, assertionForm(jwt))).status
    }
    expect([await use('one', 'a'), await use('two', 'a'), await use('one', 'b')]).toEqual([200, 200, 200])
    expect([await use('one', 'a'), await use('two', 'a')]).toEqual([401, 401])
  })

  it('does not use up the jti of an assertion that is refused', async () => {
    const [key, other] = [await makeKey(), await makeKey()]
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const use = async (aud: string, signer = key) => {
      const claims = { jti: 'the same' }
      const jwt = await assertion({ client: 'partner', aud, key: signer.privateKey, claims })
      return (await post(`${idp.issuer}/token`, assertionForm(jwt))).status
    }
    expect(await use(idp.issuer, other)).toBe(401)
    expect(await use('https://other.example')).toBe(401)
    expect(await use(idp.issuer)).toBe(200)
    expect(await use(idp.issuer)).toBe(401)
  })

  it('does not accept at one endpoint what another has used up', async () => {
    const key = await makeKey()
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: key.privateKey })
    const form = { ...assertionForm(jwt), token: 'x' }
    expect((await post(`${idp.issuer}/introspect`, form)).status).toBe(200)
    expect((await post(`${idp.issuer}/token`, assertionForm(jwt))).status).toBe(401)
    expect((await post(`${idp.issuer}/revoke`, form)).status).toBe(401)
  })
})
