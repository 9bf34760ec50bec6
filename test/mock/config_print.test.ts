import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { printedConfig } from '../../src/commands/serving/print_config.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { names } from '../../src/names.ts'

const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8')

async function printed(text: string): Promise<string> {
  const options = { file: 'config.example.yaml', names, env: {}, readFile: () => '' }
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
})
