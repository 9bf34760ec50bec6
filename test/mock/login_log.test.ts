import { describe, expect, it } from 'vitest'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { startLogged } from '../support/logged.ts'

const REDIRECT_URI = 'http://localhost:3000/callback'
const CLIENT = { client_id: 'web', client_secret: 's3cret' }

describe('the log of a login', () => {
  it('names client and user in each request, and holds no code, cookie or token', async () => {
    await using idp = await startLogged({
      clients: [{ ...CLIENT, redirect_uris: [REDIRECT_URI] }],
      users: [{ username: 'alice' }],
    })
    const browser = new Browser(idp.issuer)
    const params = { client_id: 'web', redirect_uri: REDIRECT_URI }
    const code = answerAt(await signIn(browser, authorizeUrl(idp.issuer, params))).get('code') ?? ''
    const { body } = await redeem(idp.issuer, { code, redirect_uri: REDIRECT_URI, ...CLIENT })
    expect(body['id_token']).toEqual(expect.any(String))

    const told = idp.entries.map(({ method, exchange: { endpoint, client_id, user } }) =>
      [method, endpoint, client_id, user].join(' '),
    )
    expect(told).toEqual([
      'GET authorization web ',
      'GET login  ',
      'POST login web alice',
      'POST token web alice',
    ])
    const log = JSON.stringify(idp.entries)
    for (const secret of [code, ...browser.cookies.values(), ...Object.values(body).map(String)])
      if (secret.length > 30) expect(log).not.toContain(secret)
  })
})
