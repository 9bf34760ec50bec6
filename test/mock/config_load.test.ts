import { describe, expect, it } from 'vitest'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { type LoadOptions, loadConfig } from '../../src/config/load.ts'
import { overridesFrom } from '../../src/config/override.ts'
import { validateInput } from '../../src/config/validate.ts'

const FILES: Readonly<Record<string, string>> = {
  '/srv/app/idp-double.yaml': 'server: { port: 1 }',
  '/srv/app/other.yaml': 'server: { port: 2 }',
  '/srv/app/sub/third.json':
    '{"server": {"port": 3}, "clients": [{"client_id": "a", "client_secret_file": "s"}]}',
  '/srv/app/sub/s': 'secret',
  '/json/idp-double.json': '{"server": {"port": 5}}',
}

function options(more: Partial<LoadOptions>): LoadOptions {
  const readFile = (path: string): string => {
    const content = FILES[path]
    if (content === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
    return content
  }
  return { flags: {}, env: {}, cwd: '/srv/app', names, readFile, exists: (path) => path in FILES, ...more }
}

async function portOf(more: Partial<LoadOptions>): Promise<number | null | undefined> {
  return (await loadConfig(options(more)))?.server.port
}

describe('loading', () => {
  it('takes IDP_DOUBLE_CONFIG before IDP_DOUBLE_CONFIG_FILE before -c before idp-double.yaml', async () => {
    const env = { IDP_DOUBLE_CONFIG: 'server: { port: 4 }', IDP_DOUBLE_CONFIG_FILE: 'sub/third.json' }
    const flags = { config: 'other.yaml' }
    expect(await portOf({ env, flags })).toBe(4)
    expect(await portOf({ env: { ...env, IDP_DOUBLE_CONFIG: '' }, flags })).toBe(3)
    expect(await portOf({ flags })).toBe(2)
    expect(await portOf({})).toBe(1)
    expect(await portOf({ cwd: '/json' })).toBe(5)
    expect(await portOf({ cwd: '/empty' })).toBeUndefined()
  })

  it('reads files that a configuration names relative to that configuration', async () => {
    const config = await loadConfig(options({ flags: { config: 'sub/third.json' } }))
    expect(config?.tenants[0]?.clients[0]?.secrets).toEqual(['secret'])
  })

  it('puts flags above environment above file', async () => {
    const env = { IDP_DOUBLE_PORT: '10', IDP_DOUBLE_HOST: '::1', IDP_DOUBLE_ISSUER: 'https://idp.test/' }
    expect(await loadConfig(options({ env }))).toMatchObject({
      server: { port: 10, host: '::1' },
      issuer: { url: 'https://idp.test/' },
    })
    expect(await portOf({ env, flags: { port: '11' } })).toBe(11)
    expect(await portOf({ env, flags: { port: 0 } })).toBe(0)
  })

  it('overrides the demo too', async () => {
    const demo = await validateInput({}, { names, directory: '/', readFile: () => '' })
    const override = await overridesFrom({ flags: { host: '0.0.0.0' }, env: { IDP_DOUBLE_PORT: '7' } })
    expect(override.apply(demo).server).toMatchObject({ port: 7, host: '0.0.0.0' })
  })

  it.each([
    [
      { env: { IDP_DOUBLE_PORT: '99999' } },
      'IDP_DOUBLE_PORT: expected a port from 0 to 65535, got string "99999"',
    ],
    [{ flags: { port: 'x' } }, '--port: expected a port from 0 to 65535, got string "x"'],
    [{ flags: { issuer: 'idp.test' } }, '--issuer: expected an http or https URL'],
    [{ env: { IDP_DOUBLE_HOST: 'http://x' } }, 'IDP_DOUBLE_HOST: expected a host name'],
    [
      { env: { IDP_DOUBLE_CONFIG_FILE: 'gone.yaml' } },
      'IDP_DOUBLE_CONFIG_FILE: cannot read /srv/app/gone.yaml: there is no such file',
    ],
    [{ flags: { config: 'gone.yaml' } }, '--config: cannot read /srv/app/gone.yaml: there is no such file'],
    [{ env: { IDP_DOUBLE_CONFIG: 'a: 1' } }, 'IDP_DOUBLE_CONFIG:1:1 a: unknown key'],
  ])('names what gave a bad value: %j', async (more, message) => {
    await expect(loadConfig(options(more))).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(message),
    })
  })

  it('reports every bad flag and variable at once', async () => {
    const failure = loadConfig(options({ flags: { port: 'x' }, env: { IDP_DOUBLE_ISSUER: 'y' } }))
    await expect(failure).rejects.toMatchObject({
      problems: [{ file: '--port' }, { file: 'IDP_DOUBLE_ISSUER' }],
    })
  })
})
