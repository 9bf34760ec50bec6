import { describe, expect, it } from 'vitest'
import { type ClientInput, clientOf, problemsIn } from '../support/configured.ts'

/** What is wrong with one client, beginning at the key of the client. */
async function problemsOf(client: Partial<ClientInput>): Promise<string[]> {
  const problems = await problemsIn({ clients: [{ client_id: 'web', ...client }] })
  return problems.map((problem) => problem.replace(/^clients\[0\]\./, ''))
}

describe('RFC 6749 §3.1.2 redirect URIs', () => {
  it.each([
    'http://localhost:3000/callback',
    'https://app.example.test',
    'https://app.example.test/cb?tenant=a&x=%23',
    'HTTPS://App.Example.TEST:443/./a/../b',
    'http://127.0.0.1/',
    'http://[::1]:8080/cb',
    'https://user@app.example.test/cb',
    'com.example.app:/callback',
    'com.example.app://callback',
    'msauth.com.example.app://auth',
    'urn:ietf:wg:oauth:2.0:oob',
  ])('keep %s byte for byte', async (uri) => {
    const client = await clientOf({ redirect_uris: [uri], post_logout_redirect_uris: [uri] })
    expect([client.redirect_uris, client.post_logout_redirect_uris]).toEqual([[uri], [uri]])
  })

  it.each([
    '',
    '/callback',
    'callback',
    '//app.example.test/cb',
    'localhost:3000/callback ',
    'http:',
    'http:/localhost/cb',
    'http://',
    'http:///cb',
    'http://?x',
    'https:app.example.test/cb',
    'http://app.example.test/#fragment',
    'http://app.example.test/cb#',
    'http://app.example.test/a b',
    'http://app.example.test/\u00fc',
    'http://app.example.test\\@evil.example',
    'http://app.example.test/\n',
    '\thttp://app.example.test/',
    'http://app.example.test:99999/',
    'http://[::1/',
    'http://%zz/',
    'http://*/cb\u0000',
    ':no-scheme',
    '1http://app.example.test',
  ])('are absolute and without fragment, unlike %j', async (uri) => {
    for (const key of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
      expect(await problemsOf({ [key]: [uri] })).toEqual([
        expect.stringMatching(
          new RegExp(`^${key}\\[0\\]: expected an absolute URI without fragment, such as`),
        ),
      ])
    }
  })

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'javascript://app.example.test/%0aalert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'FILE://localhost/x',
    'filesystem:http://app.example.test/x',
    'blob:http://app.example.test/x',
    'about:blank',
    'view-source:http://app.example.test',
  ])('are places that a browser goes to, unlike %j', async (uri) => {
    for (const key of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
      expect(await problemsOf({ [key]: [uri] })).toEqual([
        expect.stringMatching(new RegExp(`^${key}\\[0\\]: expected a URI that leads to the client`)),
      ])
    }
  })

  it.each(['authorization_code', 'implicit'])('are needed by %s, as the message says', async (grant) => {
    const problem = expect.stringContaining(
      `grant_types[1]: ${grant} needs redirect_uris: add redirect_uris: [`,
    )
    expect(await problemsOf({ grant_types: ['client_credentials', grant] })).toEqual([problem])
    expect(await problemsOf({ redirect_uris: [], grant_types: ['client_credentials', grant] })).toEqual([
      problem,
    ])
    expect(await problemsOf({ redirect_uris: ['/x'], grant_types: [grant] })).toHaveLength(1)
  })
})
