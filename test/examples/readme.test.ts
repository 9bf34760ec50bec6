/** Every block of the README is taken out of it and run, never typed again. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ConfigError, startIdp } from '../../src/index.ts'
import { folder } from '../support/folder.ts'

const root = join(import.meta.dirname, '../..')
const README = readFileSync(join(root, 'README.md'), 'utf8')
const CLI = join(root, 'dist/cli.cjs')
const place = folder()

/** The blocks of a language, in their order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] as string,
  )
}

const configurations = blocks('yaml').filter((text) => !text.startsWith('services:'))

describe('README', () => {
  it('leads with the two commands that do all the set-up', () => {
    const commands = blocks('sh')[0]
      ?.split('\n')
      .map((line) => line.split('#')[0]?.trim())
    expect(commands?.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test'])
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(scripts).toMatchObject({ start: expect.any(String), test: expect.any(String) })
  })

  it.each(configurations)('shows a configuration that is valid: %#', async (text) => {
    const file = join(place, 'shown.yaml')
    writeFileSync(file, text)
    await using idp = await startIdp({ configFile: file })
    expect([idp.url, idp.httpsUrl].filter((url) => url && idp.issuer.startsWith(url))).toHaveLength(1)
  })

  it('shows a compose file whose inline configuration is valid', async () => {
    const compose = parse(blocks('yaml').find((text) => text.startsWith('services:')) ?? '')
    const file = join(place, 'inline.yaml')
    writeFileSync(file, compose.services.idp.environment.IDP_DOUBLE_CONFIG)
    await using idp = await startIdp({ configFile: file })
    expect(idp.issuer).toMatch(/^http:/)
    expect(compose.services.app.depends_on.idp.condition).toBe('service_healthy')
  })

  it('shows a fixture that runs and prints what its comments say', async () => {
    const [code = ''] = blocks('ts')
    const checked = code
      .replace("'idp-double'", `'${join(root, 'src/index.ts')}'`)
      .replaceAll(/console\.log\((.*)\) \/\/ (.*)$/gm, 'printed.push([String($1), "$2"])')
    const file = join(place, 'fixture.ts')
    writeFileSync(file, `export const printed: string[][] = []\n${checked}`)
    const { printed } = (await import(file)) as { printed: [string, string][] }
    expect(printed.length).toBeGreaterThan(1)
    for (const [value, comment] of printed) expect(value).toBe(comment)
  })

  it('shows a curl and commands that work with the configuration before them', async () => {
    writeFileSync(join(place, 'idp-double.yaml'), configurations[0] ?? '')
    const server = spawn(process.execPath, [CLI, '--port', '0'], {
      cwd: place,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    for await (const chunk of server.stdout) {
      printed += chunk
      if (/https?:\/\/\S+\s/.test(printed)) break
    }
    const issuer = /https?:\/\/[^\s"]+/.exec(printed)?.[0] ?? ''
    const lines = blocks('sh')
      .slice(1)
      .join('\n')
      .split('\n')
      .filter((line) => line !== '')
    const results = lines.map((line) => {
      const here = line
        .replaceAll('http://localhost:8080', issuer)
        .replace(/^idp-double/, `${process.execPath} ${CLI}`)
      return execFileSync('bash', ['-c', here], {
        cwd: place,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    })
    server.kill()
    expect(await once(server, 'exit')).toEqual([0, null])
    const curled = lines.findIndex((line) => line.startsWith('curl'))
    expect(JSON.parse(results[curled] ?? '')).toMatchObject({ token_type: 'Bearer', scope: 'orders:read' })
    expect(results).toHaveLength(4)
  })

  it('names every dialect, check and supported algorithm family that there is', async () => {
    const { names } = await import('../../src/names.ts')
    for (const name of [...names.dialects, ...names.checks, ...names.grants, ...names.clientAuthMethods]) {
      expect(README).toContain(`\`${name}\``)
    }
  })

  it('describes a library that refuses what its configuration would refuse', async () => {
    await expect(startIdp({ clients: [{ client_id: 'a', secret: 'x' }] } as never)).rejects.toThrow(
      ConfigError,
    )
  })
})
