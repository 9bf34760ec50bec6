import { compactVerify, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Hooks } from '../../src/hooks.ts'
import { signWithSecret } from '../../src/keys/sign.ts'
import { membersOf } from '../../src/protocol/json.ts'
import { issueJwt } from '../../src/tokens/jwt.ts'
import { verifyOwnJwt } from '../../src/tokens/own_jwt.ts'
import { contextOf, ISSUER } from '../support/context.ts'

const SECRET = 'a secret of sixty-four octets or more, which HS512 asks for: 0123456789 ü'
const KEY = Buffer.from(SECRET, 'utf8')

const setup = () => contextOf({ clients: [{ client_id: 'app', secrets: [SECRET, `old ${SECRET}`] }] })
type Setup = Awaited<ReturnType<typeof setup>>

const CLAIMS = { iss: ISSUER, sub: 'alice', aud: 'app', exp: 4_000_000_000, iat: 1 }

async function idToken(
  { cx, client }: Setup,
  alg?: string,
  { typ = 'JWT', ...over }: Record<string, string> = {},
) {
  return await issueJwt({ claims: membersOf({ ...CLAIMS, ...over }), typ, alg, client, facts: {} }, cx)
}

const hint = (text: string, { cx, client }: Setup, more = { client }) =>
  verifyOwnJwt(text, { name: 'id_token_hint', reason: 'logout.hint_invalid', ...more }, cx)

describe('OpenID Connect Core §10.1 signing', () => {
  it.each(['HS256', 'HS384', 'HS512'])('signs %s with the octets of the first client secret', async (alg) => {
    const { text, claims, header } = await idToken(await setup(), alg)
    const { payload, protectedHeader } = await jwtVerify(text, KEY, { algorithms: [alg] })
    expect(payload).toEqual(CLAIMS)
    expect(protectedHeader).toEqual({ typ: 'JWT', alg })
    expect([claims, header]).toEqual([membersOf(CLAIMS), membersOf({ typ: 'JWT', alg })])
    await expect(compactVerify(text, Buffer.from(`old ${SECRET}`))).rejects.toThrow()
  })

  it('leaves a token of alg none without a signature', async () => {
    const { text } = await idToken(await setup(), 'none')
    expect(text).toMatch(/^[\w-]+\.[\w-]+\.$/)
    expect(UnsecuredJWT.decode(text).payload).toEqual(CLAIMS)
  })

  it('signs with a key of the provider where the client registered none of these', async () => {
    const made = await setup()
    for (const alg of [undefined, 'EdDSA']) {
      const { text } = await idToken(made, alg)
      const [key] = await made.cx.tenant.keys.all()
      expect(decodeProtectedHeader(text)).toEqual({ typ: 'JWT', alg: 'EdDSA', kid: key?.kid })
      expect((await jwtVerify(text, key!.publicKey)).payload).toEqual(CLAIMS)
    }
  })

  it('never signs with a secret unless a client is named', async () => {
    const { cx } = await setup()
    const draft = { claims: membersOf(CLAIMS), typ: 'JWT', facts: {} }
    for (const alg of ['HS256', 'none'])
      await expect(issueJwt({ ...draft, alg }, cx)).rejects.toThrow(`no active key for ${alg}`)
  })

  it('tells a client without a secret what to register', async () => {
    const { cx, client } = await setup()
    await expect(idToken({ cx, client: { ...client, secrets: [] } }, 'HS256')).rejects.toMatchObject({
      reason: 'client.no_secret',
      error: 'invalid_request',
      message: expect.stringMatching(/client app registered HS256.*register client_secret/),
    })
  })

  it.each(['HS256', 'none'])(
    'lets hooks bend claims, header, signature and text with %s too',
    async (alg) => {
      const { cx, client } = await setup()
      const seen: unknown[] = []
      const hooks: Hooks = {
        claims: (draft) => [...draft, { name: 'extra', value: 1 }],
        header: (draft, { facts }) => {
          seen.push(facts['key'])
          return [...draft, { name: 'x', value: 'y' }]
        },
        signature: (draft) => Buffer.concat([draft, Buffer.from('!')]),
        text: (draft) => `${draft}~`,
      }
      const { text } = await idToken({ cx: { ...cx, tenant: { ...cx.tenant, hooks: [hooks] } }, client }, alg)
      const [header, claims] = text.split('.').map((part) => Buffer.from(part, 'base64url').toString())
      expect(seen).toEqual([{ alg }])
      expect(JSON.parse(header ?? '')).toEqual({ typ: 'JWT', alg, x: 'y' })
      expect(JSON.parse(claims ?? '')).toEqual({ ...CLAIMS, extra: 1 })
      const input = text.slice(0, text.lastIndexOf('.'))
      const signature = alg === 'none' ? Buffer.alloc(0) : signWithSecret(alg, SECRET, input)
      expect(text).toBe(`${input}.${Buffer.concat([signature, Buffer.from('!')]).toString('base64url')}~`)
    },
  )

  it('signs nothing else with a secret', () => {
    for (const alg of ['RS256', 'none', 'HS1'])
      expect(() => signWithSecret(alg, SECRET, 'x')).toThrow(/a secret cannot/)
  })
})

describe('OpenID Connect Core §3.1.2.1 id_token_hint', () => {
  it.each([undefined, 'EdDSA', 'HS256', 'HS384', 'HS512'])(
    'accepts an ID token of this provider: %s',
    async (alg) => {
      const made = await setup()
      expect(await hint((await idToken(made, alg)).text, made)).toEqual(CLAIMS)
    },
  )

  it('accepts one that has expired', async () => {
    const made = await setup()
    const { text } = await issueJwt(
      { claims: membersOf({ ...CLAIMS, exp: 2 }), typ: 'JWT', facts: {} },
      made.cx,
    )
    expect(await hint(text, made)).toMatchObject({ sub: 'alice', exp: 2 })
  })

  it('accepts one signed with a secret that is being rotated out', async () => {
    const made = await setup()
    const text = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(`old ${SECRET}`))
    expect(await hint(text, made)).toEqual(CLAIMS)
  })

  it('refuses what is none, and says why', async () => {
    const made = await setup()
    const { privateKey } = await generateKeyPair('EdDSA')
    const { text: right } = await idToken(made)
    const [header = '', claims = ''] = right.split('.')
    const forged = new SignJWT(CLAIMS).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey)
    const guessed = new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from('guessed'.repeat(9)))
    const notJson = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.bnVsbA`
    const cases: readonly (readonly [string | Promise<string>, RegExp])[] = [
      [idToken(made, 'none').then(({ text }) => text), /not signed \(alg none\)/],
      [forged, /no key of this provider/],
      [guessed, /secret of client app did not make its HS256/],
      [idToken(made, undefined, { typ: 'at+jwt' }).then(({ text }) => text), /typ is at\+jwt, expected JWT/],
      [idToken(made, undefined, { typ: 'logout+jwt' }).then(({ text }) => text), /typ is logout\+jwt/],
      [
        idToken(made, undefined, { iss: 'https://other.test' }).then(({ text }) => text),
        /issued by https:\/\/other/,
      ],
      [`${notJson}.${signWithSecret('HS256', SECRET, notJson).toString('base64url')}`, /not a JSON object/],
      [
        `${header}.${Buffer.from('{}').toString('base64url')}.${right.split('.')[2]}`,
        /no key of this provider/,
      ],
      [`${header}.${claims}.`, /no key of this provider/],
      [`${right}..`, /is encrypted; send the signed JWT/],
      ['x', /./],
    ]
    for (const [text, why] of cases) {
      await expect(hint(await text, made), String(why)).rejects.toMatchObject({
        reason: 'logout.hint_invalid',
        message: expect.stringMatching(why),
      })
    }
  })

  it('does not know whose secret signed one without a client', async () => {
    const made = await setup()
    const { text } = await idToken(made, 'HS256')
    await expect(hint(text, made, {} as { client: Setup['client'] })).rejects.toThrow(
      /no client is known here/,
    )
  })
})
