// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like this
import { describe, expect, it } from 'vitest'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { parseConfig } from '../../src/config/parse.ts'
import type { ResolvedConfig } from '../../src/config/resolve.ts'

const env = {
  PORT: '9090',
  HOST: '0.0.0.0',
  EMPTY: '',
  NUMBER: '12',
  TRICKY: 'x }, a: b\n- c: ${PORT}',
  YES: 'true',
}
const readFile = (): string => ''

async function parse(text: string, file = 'idp-double.yaml'): Promise<ResolvedConfig> {
  return await parseConfig(text, { file, names, env, readFile })
}

async function clientNamed(reference: string): Promise<unknown> {
  const { tenants } = await parse(
    `clients:\n  - client_id: a\n    claims: { ok: 1 }\n    client_name: ${reference}\n`,
  )
  return tenants[0]?.clients[0]?.client_name
}

async function claim(reference: string): Promise<unknown> {
  const { tenants } = await parse(`clients:\n  - client_id: a\n    claims:\n      it: ${reference}\n`)
  return tenants[0]?.clients[0]?.claims['it']
}

describe('references to the environment', () => {
  it('give a plain scalar the type of the value', async () => {
    const { server } = await parse(
      `server:\n  port: \${PORT:-8080}\n  host: \${HOST}\n  trust_proxy: \${YES}\n`,
    )
    expect(server).toMatchObject({ port: 9090, host: '0.0.0.0', trust_proxy: true })
  })

  it.each([
    ['${NUMBER}', 12],
    ['"${NUMBER}"', '12'],
    ["'${NUMBER}'", '12'],
    ['!!str ${NUMBER}', '12'],
    ['${UNSET:-null}', null],
    ['${UNSET:-}', null],
    ['${EMPTY:-7}', 7],
    ['"${UNSET:-}"', ''],
    ['"${EMPTY}"', ''],
    ['${UNSET:-0x1f}', 31],
    ['${UNSET:-1.5}', 1.5],
    ['a-${HOST}-${NUMBER}', 'a-0.0.0.0-12'],
    ['"$${NUMBER} $NUMBER"', '${NUMBER} $NUMBER'],
    ['"$$${NUMBER}"', '$${NUMBER}'],
  ])('%s becomes %j', async (reference, value) => {
    expect(await claim(reference)).toEqual(value)
  })

  it('are filled in after parsing, once: a value cannot add to the document', async () => {
    expect(await clientNamed('"${TRICKY}"')).toBe(env.TRICKY)
    expect(await clientNamed('${TRICKY}')).toBe(env.TRICKY)
  })

  it('stand for strings in JSON', async () => {
    const text = '{"server": {"host": "${HOST}"}, "issuer": {"url": "http://\\u0024{UNSET:-idp.test}/"}}'
    expect(await parse(text, 'idp-double.json')).toMatchObject({
      server: { host: '0.0.0.0' },
      issuer: { url: 'http://idp.test/' },
    })
  })

  it.each(['${UNSET}', '${}', '${1X}', '${PORT', '${PORT:=1}', '${toString}'])(
    '%s is a problem',
    async (reference) => {
      await expect(claim(`"${reference}"`)).rejects.toMatchObject({
        problems: [{ line: 4, col: 11, path: 'clients[0].claims.it' }],
      })
    },
  )

  it('are not read in keys', async () => {
    const { tenants } = await parse(`clients:\n  - { client_id: a, claims: { "\${PORT}": 1 } }\n`)
    expect(tenants[0]?.clients[0]?.claims).toEqual({ '${PORT}': 1 })
  })
})
