/** Whom a client may vouch for, and with what. */
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { type ClientKey, makeKey, assertion as sign } from '../support/assertion.ts'
import { basic, post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

async function start({ client = {}, users }: { client?: object; users?: ConfigInput['users'] } = {}) {
  const key = await makeKey('RS256', 'own')
  const partner = { client_id: 'partner', jwks: { keys: [key.jwk] }, grant_types: [JWT_BEARER], ...client }
  const idp = await startIdp({ clients: [partner], ...(users && { users }) })
  return { idp, key, [Symbol.asyncDispose]: () => idp[Symbol.asyncDispose]() }
}
type Started = Awaited<ReturnType<typeof start>>

const made = ({ idp, key }: Started, sub: unknown, more: Partial<Parameters<typeof sign>[0]> = {}) =>
  sign({
    client: 'partner',
    aud: idp.issuer,
    key: key.privateKey,
    alg: 'RS256',
    claims: { sub },
    ...more,
  })

async function ask({ idp }: Started, assertion: string, headers = {}) {
  const answer = await post(`${idp.issuer}/token`, { grant_type: JWT_BEARER, assertion }, headers)
  return { ...answer, outcome: [answer.status, answer.headers.get('x-mock-reason')] }
}

describe('RFC 7523 §3 the subject of an assertion', () => {
  it('is anybody where no users are declared, but not nobody', async () => {
    await using started = await start()
    expect(claimsOf(await ask(started, await made(started, 'eve')))['sub']).toBeDefined()
    const { outcome } = await ask(started, await made(started, ''))
    expect(outcome).toEqual([400, 'grant_assertion.subject'])
  })

  it.each([
    ['disabled', 'user.disabled'],
    ['locked', 'user.locked'],
    ['password_expired', 'user.password_expired'],
    ['blocked', 'user.blocked'],
    ['mfa_required', 'user.mfa_required'],
    ['mfa_enrolment_required', 'user.mfa_enrolment_required'],
  ] as const)('gets no tokens while the user is %s', async (status, reason) => {
    await using started = await start({ users: [{ username: 'alice', status }] })
    const { outcome } = await ask(started, await made(started, 'alice'))
    expect(outcome).toEqual([400, reason])
  })
})

describe('RFC 7521 §4.1 the client of an assertion', () => {
  it('authenticates itself where it has a secret and no key of its own', async () => {
    const client_secret = 'a secret of thirty-two octets and some more'
    await using started = await start({ client: { client_secret, jwks: undefined } })
    const signed = await made(started, 'alice', { key: Buffer.from(client_secret), alg: 'HS256' })
    expect((await ask(started, signed)).outcome).toEqual([401, 'client.missing'])
    expect((await ask(started, signed, basic('partner', client_secret))).outcome).toEqual([200, null])
  })
})

describe('RFC 8725 §3.1 the key and the algorithm of an assertion', () => {
  const pem = ({ jwk }: ClientKey) => Buffer.from(JSON.stringify(jwk))

  it('refuses a public key as the secret of an HMAC, also where the client has a secret', async () => {
    for (const client of [{}, { client_secret: 'a secret of thirty-two octets and some more' }]) {
      await using started = await start({ client })
      const forged = await made(started, 'alice', { key: pem(started.key), alg: 'HS256' })
      expect((await ask(started, forged)).outcome).toEqual([400, 'grant_assertion.signature'])
    }
  })

  it('looks for no key in the header', async () => {
    await using started = await start()
    const stranger = await makeKey('RS256', 'own')
    const { jwk } = stranger
    for (const header of [{ jwk }, { jwk, kid: 'own' }, { jku: `${started.idp.issuer}/jwks.json` }]) {
      const forged = await made(started, 'alice', { key: stranger.privateKey, header })
      expect((await ask(started, forged)).outcome).toEqual([400, 'grant_assertion.signature'])
    }
  })

  it.each([['another'], ['../own'], [''], [{ own: 1 }]])('knows no key by the kid %j', async (kid) => {
    await using started = await start()
    const { outcome } = await ask(started, await made(started, 'alice', { header: { kid } }))
    expect(outcome).toEqual([400, 'grant_assertion.no_key'])
  })
})
