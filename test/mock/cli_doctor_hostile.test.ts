import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { command, doctor, type Faults, provider } from '../support/doctor.ts'

const METADATA = '/.well-known/openid-configuration'

/** JSON of which JavaScript can make no text. */
const NO_TEXT = { toString: 1, valueOf: 1 }

/** A server that says this, whatever it is asked, and nothing more. */
async function saying(text: string) {
  const server = createServer(
    (socket) =>
      void socket
        .on('error', () => undefined)
        .resume()
        .write(text),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done))
    },
  }
}

describe('idp-double doctor, of whatever answers', () => {
  it.each<[string, Faults, RegExp]>([
    [
      'redirects to what is no URL',
      { at: { [METADATA]: (_, r) => r.writeHead(302, { location: 'http://[' }).end() } },
      /^metadata: \S+ answers 302$/,
    ],
    [
      'has an issuer of no type',
      { metadata: (all) => ({ ...all, issuer: NO_TEXT, tenant_region_scope: 'EU' }) },
      /^members: issuer is \{"toString":1,"valueOf":1\}, expected a string$/,
    ],
    [
      'has algorithms of no type',
      { metadata: (all) => ({ ...all, id_token_signing_alg_values_supported: [NO_TEXT, 'RS256'] }) },
      /^members: id_token_signing_alg_values_supported is \[\{.*, expected a list of strings$/,
    ],
    [
      'has keys of no type',
      {
        keys: (key) => [
          { ...key, alg: NO_TEXT },
          { kty: NO_TEXT, kid: NO_TEXT },
        ],
      },
      /^keys: the key \{"toString":1,"valueOf":1\} is no key that can be read$/,
    ],
    [
      'has other metadata for OAuth, with an issuer of no type',
      {
        metadata: (all) => ({ ...all, issuer: 1 }),
        at: {
          '/.well-known/oauth-authorization-server': (_, r) => r.end(JSON.stringify({ issuer: NO_TEXT })),
        },
      },
      /^members: issuer is 1, expected a string$/,
    ],
  ])('is no fault of ours where it %s', async (_, faults, message) => {
    await using idp = await provider(faults)
    const { code, failed } = await doctor(idp.url)
    expect(code).toBe(1)
    expect(failed).toContainEqual(expect.stringMatching(message))
  })

  it.each([
    ['leaves HTTP', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', /answers 101 and/],
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', /Parse Error/],
    ['never ends its headers', 'HTTP/1.1 200 OK\r\n', /gives no whole answer in time/],
    ['never ends its body', 'HTTP/1.1 200 OK\r\n\r\n{', /gives no whole answer in time/],
  ])('comes to an end where it %s', async (_, text, message) => {
    await using server = await saying(text)
    const { code, failed } = await doctor(server.url, '--timeout', '1s')
    expect({ code, failed }).toEqual({ code: 1, failed: [expect.stringMatching(message)] })
  })

  it('sends nobody to a provider that is not started where another program answers', async () => {
    await using server = await saying('SSH-2.0-OpenSSH_9.9\r\n')
    expect((await doctor(server.url)).change_first).toContain('another program answers there')
  })

  it('passes on nothing that steers the terminal, as JSON either', async () => {
    const issuer = 'http://x.test/\u009b2J\u202e\u{e0001}'
    await using idp = await provider({ metadata: (all) => ({ ...all, issuer }) })
    const { stdout } = await command('--json', idp.url)
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    const { checks } = JSON.parse(stdout) as { checks: { text: string }[] }
    expect(checks.some(({ text }) => text.includes(issuer))).toBe(true)
  })
})

describe('idp-double doctor, of what is right', () => {
  it('takes the age of what a cache kept into account', async () => {
    const kept = { date: new Date(Date.now() - 2_000_000).toUTCString() }
    await using idp = await provider({ headers: { ...kept, age: '2000' } })
    expect(await doctor(idp.url)).toMatchObject({ code: 0, failed: [] })
    await using late = await provider({ headers: { ...kept, age: 'old' } })
    expect((await doctor(late.url)).failed).toEqual([expect.stringMatching(/^clock: .* behind/)])
  })

  it('only warns of keys for algorithms that came later', async () => {
    const later = { kty: 'AKP', alg: 'ML-DSA-44', kid: 'later', pub: 'AAAA' }
    await using idp = await provider({ keys: (key) => [key, later] })
    const { code, warned } = await doctor(idp.url)
    expect(code).toBe(0)
    expect(warned).toContain('keys: the key later has kty AKP, which most clients skip')
  })
})
