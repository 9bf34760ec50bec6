import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { printedConfig } from '../../src/commands/serving/print_config.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { names } from '../../src/names.ts'

const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8')

async function printed(text: string, content = ''): Promise<string> {
  const options = { file: 'config.example.yaml', names, env: {}, readFile: () => content }
  return printedConfig(await parseConfig(text, options))
}

describe('a printed configuration', () => {
  it('is a configuration, which prints as itself', async () => {
    const once = await printed(example)
    expect(parse(await printed(once))).toEqual(parse(once))
  })

  it('shows users as they are written, and no secret', async () => {
    const text = await printed(example)
    expect(text).not.toMatch(/change-me|wonderland/)
    expect(parse(text)).toMatchObject({
      users: [
        {
          username: 'alice',
          password: '***',
          email: 'alice@example.test',
          address: { locality: 'Oxford' },
          claims: { tenant_tier: 'gold' },
        },
        { username: 'bob' },
      ],
      scopes: { loyalty: ['loyalty_points'] },
      registration: { initial_access_token: '***' },
    })
  })

  it('shows the certificates of a file that holds a private key too, and not that key', async () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n'
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = String(privateKey.export({ format: 'pem', type: 'sec1' })).replaceAll('\n', '\r\n')
    const [, secret = ''] = key.split('\r\n')
    const text = `
server: { tls: { certificate: { cert_file: both.pem, key_file: both.pem }, client_ca: both.pem } }
clients: [{ client_id: a, token_endpoint_auth_method: private_key_jwt, certificate_file: both.pem }]
`
    for (const content of [`${certificate}${key}`, `${key}${certificate}`, key.slice(0, 100)]) {
      const shown = await printed(text, content)
      expect(secret).toHaveLength(64)
      expect(shown).not.toContain(secret.slice(0, 20))
      if (content.includes(certificate)) expect(shown.match(/QQ==/g)).toHaveLength(3)
    }
  })
})
