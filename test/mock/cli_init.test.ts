import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dialects } from '../../src/names.ts'
import { BANNER, run, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { shell } from '../support/shell.ts'

describe('idp-double init', () => {
  it.each([...dialects.keys()])(
    'writes a file for %s that is valid, serves, and whose curl works',
    async (dialect) => {
      const cwd = folder()
      const written = await run(['init', '--dialect', dialect], { cwd })
      expect(written).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('idp-double serve'),
      })
      const text = readFileSync(join(cwd, 'idp-double.yaml'), 'utf8')
      expect(parse(text).dialect).toBe(dialect)
      expect(text).not.toContain('NEW_')
      expect(await run(['validate'], { cwd })).toMatchObject({ code: 0, stderr: '' })
      await using idp = start(['--port', '0'], { cwd })
      const [, curl = ''] = await idp.says(BANNER)
      const { access_token, token_type } = JSON.parse(await shell(curl))
      expect(token_type).toMatch(/^bearer$/i)
      expect(access_token.split('.')).toHaveLength(3)
      const client = parse(text).clients[0].client_id
      const explained = await run(['explain', '--client', client], { cwd })
      expect(explained).toMatchObject({ code: 0, stderr: '' })
      const { clients, users } = parse(text)
      const { client_id: web } = clients.at(-1)
      const login = await run(['explain', '--client', web, '--user', users[0].username], { cwd })
      expect(login).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('ID token') })
    },
  )

  it("writes the settings of Microsoft's libraries for entra, about the directory that it describes", async () => {
    const cwd = folder()
    await run(['init', '--dialect', 'entra'], { cwd })
    const text = readFileSync(join(cwd, 'idp-double.yaml'), 'utf8')
    const { id, clients, server } = parse(text)
    const authorities = [...text.matchAll(/https:\/\/localhost:8443\/([0-9a-f-]{36})/g)].map(
      (match) => match[1],
    )
    expect(new Set(authorities)).toEqual(new Set([id]))
    expect(new Set(clients.map(({ client_id }: { client_id: string }) => client_id)).size).toBe(3)
    expect(text).toContain(`${server.state_dir.slice(2)}/ca.pem`)
    await using idp = start(['--port', '0', '--log', 'json'], { cwd })
    await idp.says(/"event":"ready"/)
    expect(readFileSync(join(cwd, server.state_dir, 'ca.pem'), 'utf8')).toContain('BEGIN CERTIFICATE')
  })

  it('writes new secrets each time', async () => {
    const texts = await Promise.all(
      [folder(), folder()].map(async (cwd) => {
        await run(['init'], { cwd })
        return readFileSync(join(cwd, 'idp-double.yaml'), 'utf8')
      }),
    )
    const secrets = texts.flatMap((text) =>
      parse(text).clients.flatMap((client: Record<string, string>) => client['client_secret'] ?? []),
    )
    expect(new Set(secrets).size).toBe(4)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{32}$/)
  })

  it('never overwrites a file', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'idp-double.yaml'), 'mine')
    const { code, stderr } = await run(['init'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/idp-double\.yaml is there already and stays as it is\n$/)
    expect(readFileSync(join(cwd, 'idp-double.yaml'), 'utf8')).toBe('mine')
  })

  it('proposes the nearest dialect', async () => {
    const { code, stderr } = await run(['init', '--dialect', 'keycloak'])
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /there is no dialect keycloak; did you mean keycloak@\d+\? \(there are: buypass, entra, /,
    )
  })
})
