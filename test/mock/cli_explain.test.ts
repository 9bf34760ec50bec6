import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startIdp } from '../../src/index.ts'
import { commandIn } from '../support/command.ts'
import { folder } from '../support/folder.ts'
import { get, post } from '../support/http.ts'

const config = (dialect: string, client = '') => `
dialect: ${dialect}
resources: [{ identifier: https://api.example.test, scopes: [orders] }]
clients:
  - client_id: shop
    client_secret: s3cret of the shop, of 32 octets or more
    grant_types: [password]
    claims: { department: sales }
    ${client}
users:
  - username: alice
    password: wonderland
    name: Alice Liddell
    email: alice@example.test
    roles: [admin]
    claims: { tier: gold, badge: 7 }
    claims_in: { access_token: [badge] }
`

type Row = readonly string[]

/** The rows under each title. */
async function explained(text: string, ...more: string[]): Promise<Record<string, Row[]>> {
  const cwd = folder({ 'idp-double.yaml': text })
  const args = ['explain', '--client', 'shop', '--user', 'alice', '--grant', 'password', ...more]
  const { code, stdout, stderr } = await commandIn(cwd, ...args)
  if (code !== 0) throw new Error(stderr)
  const [head = '', ...rest] = stdout.trimEnd().split('\n\n')
  const rows = (lines: readonly string[]) => lines.map((line) => line.trim().split(/ {2,}/))
  const sections = rest.map((block) => {
    const [title = '', ...lines] = block.split('\n')
    return [title, rows(lines)] as const
  })
  return { facts: rows(head.split('\n')), ...Object.fromEntries(sections) }
}

const names = (rows: readonly Row[] = []) => rows.map(([name]) => name)

/** What a client gets that really asks. */
async function issued(text: string, scope: string) {
  await using idp = await startIdp(parse(text))
  const metadata = (await get(`${idp.issuer}/.well-known/openid-configuration`)).body
  const form = { grant_type: 'password', username: 'alice', password: 'wonderland', scope }
  const login = { client_id: 'shop', client_secret: 's3cret of the shop, of 32 octets or more' }
  const { body } = await post(String(metadata['token_endpoint']), { ...form, ...login })
  const authorization = `Bearer ${body['access_token']}`
  const userinfo = await get(String(metadata['userinfo_endpoint']), { authorization })
  return { access: String(body['access_token']), id: String(body['id_token']), userinfo: userinfo.body }
}

describe('idp-double explain --user', () => {
  it.each(['standard', 'keycloak@26', 'entra'])('shows the very claims that %s issues', async (dialect) => {
    const scope = 'openid profile email'
    const shown = await explained(config(dialect), '--scope', scope)
    const { access, id, userinfo } = await issued(config(dialect), scope)
    expect(names(shown['claims'])).toEqual(Object.keys(decodeJwt(access)))
    // What binds it to the access token that came along is made with that.
    expect(names(shown['ID token'])).toEqual(
      Object.keys(decodeJwt(id)).filter((name) => name !== 'at_hash' && name !== 'sid'),
    )
    expect(names(shown['ID token, header'])).toEqual(Object.keys(decodeProtectedHeader(id)))
    expect(names(shown['userinfo'])).toEqual(Object.keys(userinfo))
  })

  it('says where each claim of the ID token and of userinfo comes from', async () => {
    const shown = await explained(config('standard'), '--scope', 'openid email')
    expect(shown['claims']).toContainEqual(['department', 'sales', '← claims of client shop'])
    expect(shown['claims']).toContainEqual(['badge', '7', '← user alice'])
    expect(shown['ID token']).toContainEqual(['aud', 'shop', '← client'])
    expect(shown['ID token']).toContainEqual(['tier', 'gold', '← user alice'])
    expect(shown['userinfo']).toContainEqual(['email', 'alice@example.test', '← user alice'])
    for (const section of ['claims', 'ID token', 'userinfo'])
      for (const row of shown[section] ?? []) expect(row.at(-1)).toMatch(/^← /)
  })

  it('says which claims of the user are left out, and what would bring them', async () => {
    const shown = await explained(config('standard'), '--scope', 'openid email')
    expect(shown['left out']).toEqual([
      [
        'preferred_username email_verified name email',
        'not in the access token, unless claims_in: { access_token: […] } of user alice names it',
      ],
      ['preferred_username name', 'not in ID token and userinfo: the scope has no profile'],
      [
        'email_verified email',
        'in userinfo alone, unless id_token: { scope_claims: true } of client shop says otherwise',
      ],
      ['badge', 'not in the ID token: claims_in of user alice names it elsewhere'],
      ['badge', 'not in the userinfo: claims_in of user alice names it elsewhere'],
    ])
  })

  it('follows the advice', async () => {
    const advised = config('standard', 'id_token: { scope_claims: true }')
    const shown = await explained(advised, '--scope', 'openid email profile')
    expect(names(shown['ID token'])).toEqual(expect.arrayContaining(['name', 'email']))
    expect(names(shown['left out'])).not.toContain('email_verified email')
  })

  it.each(['HS256', 'none'])('knows an ID token that no key of the provider signs: %s', async (alg) => {
    const shown = await explained(config('standard', `id_token_signed_response_alg: ${alg}`))
    const from = '← id_token_signed_response_alg of client shop'
    expect(shown['ID token, header']).toEqual([
      ['typ', 'JWT', from],
      ['alg', alg, from],
    ])
  })

  it('shows the access token alone where openid is not asked for', async () => {
    const shown = await explained(config('standard'), '--scope', 'orders')
    expect(Object.keys(shown)).toEqual(['facts', 'header', 'claims'])
    expect(shown['claims']).toContainEqual(['scope', 'orders', expect.stringMatching(/^← /)])
  })
})
