import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { jsonSchema } from '../../src/config/json_schema.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { names as ownNames } from '../../src/names.ts'

interface Schema {
  readonly $schema?: string
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly required?: readonly string[]
}

const schema = (await jsonSchema(names)) as Schema
const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8')

/** Every key of the schema by its path, without the tenants, which repeat the top level. */
function keysOf(node: Schema, path = ''): [path: string, key: Schema][] {
  const own = Object.entries(node.properties ?? {}).filter(([key]) => path !== '' || key !== 'tenants')
  const inside = own.flatMap(([key, value]) => [
    [`${path}.${key}`, value] as [string, Schema],
    ...keysOf(value, `${path}.${key}`),
  ])
  const parts = [node.items, ...(node.anyOf ?? [])].filter((part) => part !== undefined)
  return [...inside, ...parts.flatMap((part) => keysOf(part, path))]
}

const keys = keysOf(schema)

/** The paths that a text shows, also in lines that are comments, and in comments inside these. */
function shownIn(text: string): ReadonlySet<string> {
  const comment = /^( *)# (?= *(# )?(- )?[a-z_]+:( |$))/gm
  const uncommented = text.replaceAll(comment, '$1').replaceAll(comment, '$1')
  const { contents } = parseDocument(uncommented, { uniqueKeys: false })
  return new Set(pathsOf(contents))
}

/** What stands in a tenant is at the top level of another configuration. */
function pathsOf(node: unknown, path = ''): string[] {
  if (isSeq(node)) return node.items.flatMap((item) => pathsOf(item, path))
  if (!isMap(node)) return []
  return node.items.flatMap(({ key, value }) => {
    const own = path === '.tenants' ? '' : `${path}.${isScalar(key) ? key.value : ''}`
    return [own, ...pathsOf(value, own)]
  })
}

describe('the JSON Schema', () => {
  it('is self-describing and closed', () => {
    expect(schema).toMatchObject({ $schema: expect.stringContaining('json-schema.org'), type: 'object' })
    expect(schema.additionalProperties).toBe(false)
    expect(schema).toHaveProperty('title')
    expect(JSON.stringify(schema)).not.toContain('"errors"')
  })

  it.each(keys)('describes %s in a sentence', (_, key) => {
    expect(key.description).toMatch(/^.{10,}\.$/)
  })

  it('takes defaults and names from their one source', () => {
    const of = (path: string): Schema | undefined => new Map(keys).get(path)
    const port = { type: 'integer', minimum: 0, maximum: 65_535 }
    expect(of('.server.port')).toMatchObject({ anyOf: [port, { type: 'null' }], default: 8080 })
    expect(of('.server.tls.port')).toMatchObject(port)
    expect(of('.server.host')).toMatchObject({ default: '127.0.0.1' })
    expect(of('.dialect')).toMatchObject({ enum: names.dialects, default: 'standard' })
    expect(of('.clients.grant_types')).toMatchObject({ items: { enum: names.grants } })
    expect(of('.clients.id_token_encrypted_response_alg')).toMatchObject({ enum: names.encryptionAlgs })
    expect(of('.clients.userinfo_encrypted_response_enc')).toMatchObject({ enum: names.contentEncryptions })
    expect(of('.clients.token_endpoint_auth_method')).toMatchObject({ enum: names.clientAuthMethods })
    expect(of('.keys.alg')).toMatchObject({ enum: names.signingAlgs })
    expect(of('.lifetimes.access_token')?.anyOf?.map(({ type }) => type)).toEqual(['integer', 'string'])
    expect(of('.server')?.required ?? []).toEqual([])
    expect(of('.clients')?.items).toMatchObject({ required: ['client_id'], additionalProperties: false })
  })

  it('knows every check of strictness', () => {
    const levels = keys
      .filter(([path]) => path.startsWith('.strictness.'))
      .map(([path]) => path.split('.').at(-1))
    expect(levels).toEqual(['default', ...names.checks])
  })
})

describe('config.example.yaml', () => {
  const parse = async (text: string, known: typeof ownNames = names): Promise<unknown> =>
    await parseConfig(text, { file: 'config.example.yaml', names: known, env: {}, readFile: () => '' })

  it('is valid', async () => {
    const config = { server: { port: 8080 }, tenants: [{ name: 'default' }] }
    await expect(parse(example)).resolves.toMatchObject(config)
    await expect(parse(example, ownNames)).resolves.toMatchObject(config)
  })

  it('is valid with its tenants in place of what they stand for', async () => {
    const tenants = example.slice(example.indexOf('# tenants:')).replaceAll(/^# ?/gm, '')
    const server = 'server: { tls: { client_ca: auto } }'
    const text = `${server}\n${tenants.slice(tenants.indexOf('tenants:'))}`
    await expect(parse(text)).resolves.toMatchObject({
      tenants: [
        { name: 'contoso', dialect: 'entra' },
        { name: 'partners', dialect: 'standard' },
      ],
    })
  })

  const shown = shownIn(example)

  it.each(keys.filter(([path]) => !path.startsWith('.strictness.')).map(([path]) => path))(
    'shows %s',
    (path) => {
      expect(shown).toContain(path)
    },
  )

  it('has no real secret', () => {
    const secrets = [...example.matchAll(/(?:client_secret|initial_access_token|header): (\S+)/g)]
    expect(secrets.length).toBeGreaterThan(3)
    for (const [, secret] of secrets) expect(secret).toMatch(/change-me/)
  })
})
