import { describe, expect, it } from 'vitest'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { parseConfig } from '../../src/config/parse.ts'
import { ConfigError } from '../../src/config/problem.ts'
import type { ClientInput } from '../support/configured.ts'
import { clientOf, problemsIn } from '../support/configured.ts'

/** Each problem of a text as `line:column message`. */
async function problemsOf(text: string, more: { tls?: boolean } = {}): Promise<string[]> {
  const readFile = () => 'a file'
  const options = { file: 'idp-double.yaml', names, env: {}, readFile, ...more }
  const outcome = await parseConfig(text, options).catch((error: unknown) => error)
  if (outcome instanceof ConfigError)
    return outcome.problems.map(({ line, col, message }) => `${line}:${col} ${message}`)
  if (outcome instanceof Error) throw outcome
  return []
}

const CA = 'server: { tls: { client_ca: auto } }\n'
const METHOD = 'token_endpoint_auth_method'
const SELF_SIGNED = `${METHOD}: self_signed_tls_client_auth, certificate_file: a.pem`
const BOUND = 'tls_client_certificate_bound_access_tokens: true'
const client = (members: string) => `clients:\n  - { client_id: a, ${members} }`

describe('clients with TLS certificates in the configuration', () => {
  it.each([
    [
      client(`${METHOD}: tls_client_auth, tls_client_auth_subject_dn: CN=a`),
      '2:49',
      'tls_client_auth needs https',
    ],
    [client('tls_client_auth_subject_dn: CN=a'), '2:49', 'tls_client_auth_subject_dn needs https'],
    [client(SELF_SIGNED), '2:49', 'self_signed_tls_client_auth needs https'],
    [client(`client_secret: b, ${BOUND}`), '2:83', 'tls_client_certificate_bound_access_tokens needs https'],
  ])('need a server that asks for them: %s', async (text, place, message) => {
    const [problem, ...more] = await problemsOf(text)
    expect(problem).toMatch(
      new RegExp(`^${place} ${message}, where clients show their certificates: add server: `),
    )
    expect(more).toEqual([])
  })

  it('need https where the command line serves it, and no more', async () => {
    for (const members of [SELF_SIGNED, `client_secret: b, ${BOUND}`])
      expect(await problemsOf(client(members), { tls: true })).toEqual([])
    const [problem] = await problemsOf(client('tls_client_auth_san_dns: a.test'), { tls: true })
    expect(problem).toMatch(
      /^2:46 tls_client_auth_san_dns needs a CA whose certificates are trusted: set server\.tls\.client_ca: auto/,
    )
  })

  it('need a CA where a name is all that is registered', async () => {
    const pki = client(`${METHOD}: tls_client_auth, tls_client_auth_san_dns: a.test`)
    expect(await problemsOf(`server: { tls: {} }\n${pki}`)).toEqual([
      '3:49 tls_client_auth needs a CA whose certificates are trusted: set server.tls.client_ca: auto (the CA of this provider), or a PEM file',
    ])
    expect(await problemsOf(`${CA}${pki}`)).toEqual([])
    expect(await problemsOf(`server: { tls: {} }\n${client(SELF_SIGNED)}`)).toEqual([])
  })

  it.each([
    [
      `${METHOD}: tls_client_auth`,
      '3:49',
      /tls_client_auth needs one of tls_client_auth_subject_dn, .*_san_email$/,
    ],
    [
      'tls_client_auth_san_dns: a.test, tls_client_auth_san_uri: "urn:a"',
      '3:54',
      /give one of .*, not tls_client_auth_san_dns and tls_client_auth_san_uri/,
    ],
    [
      `client_secret: b, ${METHOD}: client_secret_post, tls_client_auth_san_dns: a.test`,
      '3:87',
      /tls_client_auth_san_dns is for token_endpoint_auth_method tls_client_auth, not for client_secret_post/,
    ],
    [
      `${METHOD}: self_signed_tls_client_auth`,
      '3:49',
      /needs jwks, jwks_uri, certificate or certificate_file/,
    ],
    [
      'tls_client_auth_subject_dn: /CN=a',
      '3:49',
      /no distinguished name: TYPE=value is expected at \/CN=a; write/,
    ],
    ['tls_client_auth_subject_dn: "CN=a,"', '3:49', /nothing stands after its last separator/],
    [
      'tls_client_auth_subject_dn: "colour=red"',
      '3:49',
      /attribute type colour is not known here; write its object/,
    ],
    ['tls_client_auth_san_ip: partner.test', '3:45', /expected an IP address, .* got partner\.test/],
  ])('fit together: %s', async (members, place, message) => {
    const [problem, ...more] = await problemsOf(`${CA}${client(members)}`)
    expect(problem).toMatch(message)
    expect(problem?.split(' ')[0]).toBe(place)
    expect(more).toEqual([])
  })

  it('are held to nothing that a wrong value leaves open', async () => {
    const registered: Partial<ClientInput> = { tls_client_auth_san_dns: 'a.test' }
    const clients = [{ client_id: 'a', ...registered }]
    for (const server of [[], { tls: [] }, { tls: { client_ca: 5 } }])
      expect(await problemsIn({ server, clients } as never)).toEqual([
        expect.stringMatching(/^server.*: expected/),
      ])
  })

  it('are no public clients, so that they need no PKCE', async () => {
    const redirect_uris = ['https://app.test/cb']
    const server = { tls: { client_ca: 'auto' } }
    const named = await clientOf({ redirect_uris, tls_client_auth_san_dns: 'a.test' }, { server })
    expect([named.require_pkce, (await clientOf({ redirect_uris })).require_pkce]).toEqual([false, true])
  })
})
