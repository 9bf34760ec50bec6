/** No text of a finding repeats a secret, wherever a client put it. */
import { describe, expect, it } from 'vitest'
import { basic } from '../support/http.ts'
import { startJudged } from '../support/judged.ts'
import { jwt } from '../support/recorded.ts'

const SECRET = 'canary of+the client/0123'
const CLIENTS = [
  { client_id: 'web', client_secret: SECRET, redirect_uris: ['https://shop.example.test/callback'] },
  { client_id: 'spa', redirect_uris: ['https://shop.example.test/callback'] },
]
const grant_type = 'client_credentials'

const forms = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ '': secret }).toString().slice(1),
]

describe('the text of a finding', () => {
  it.each([
    ['the secret of the client as its redirect_uri', SECRET],
    ['a URL with it', `https://a.example.test/?x=${encodeURIComponent(SECRET)}`],
    ['a URL with that of somebody else', `https://a.example.test/cb?client_secret=an0ther-canary`],
    ['a token', jwt({ sub: 'alice' }, 'canarycanary')],
    ['a long secret, as messages cut it', `${SECRET}${'x'.repeat(100)}`],
  ])('does not repeat %s', async (_what, redirect_uri) => {
    await using idp = await startJudged({ clients: CLIENTS })
    await idp.ask({ redirect_uri, code_challenge: SECRET })
    const [found] = idp.findings().filter(({ id }) => id === 'redirect_uri_unregistered')
    expect(found?.text).toMatch(/^redirect_uri is .*\*\*\*/)
    for (const form of [...forms(SECRET), 'canary']) expect(JSON.stringify(found)).not.toContain(form)
  })

  it('does not repeat what came under the name of a secret, registered or not', async () => {
    await using idp = await startJudged({ clients: CLIENTS, strictness: 'warn' })
    const client_secret = `s3cret-${'y'.repeat(90)}`
    await idp.token({ grant_type, client_id: 'web', client_secret, resource: `urn:${client_secret}` })
    const texts = idp.findings().map(({ id, text }) => [id, text])
    expect(texts).toContainEqual(['check.resource', expect.stringMatching(/^urn:\*\*\*/)])
    expect(JSON.stringify(texts)).not.toContain('s3cret-')
  })

  it('says the rest', async () => {
    await using idp = await startJudged({ clients: CLIENTS, strictness: 'warn' })
    await idp.token({ grant_type, resource: 'urn:unknown' }, basic('web', SECRET))
    expect(idp.findings().map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^urn:unknown is not a declared resource; /),
    )
  })
})
