import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { issuerIn, run, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { decode, requestToken } from '../support/http.ts'

const FILE = 'idp-double.yaml'

const client = (id: string, more = '') => `  - { client_id: ${id}, client_secret: s3cret-of-${id}${more} }\n`

const config = (...clients: string[]) => `server: { port: 0 }\nclients:\n${clients.join('')}`

const LOADED = /configuration loaded again: .*\n/g

describe('idp-double serve --watch', () => {
  it('serves what the file says from then on, with the same issuer, keys and port', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    const before = decode(await requestToken(url, ['one', 's3cret-of-one']))
    writeFileSync(join(cwd, FILE), config(client('one'), client('two', ', roles: [admin]')))
    await idp.says(/configuration loaded again: 1 tenants, 2 clients, 0 users\n/)
    const after = decode(await requestToken(url, ['two', 's3cret-of-two']))
    expect(after.claims).toMatchObject({ iss: url, client_id: 'two', roles: ['admin'] })
    expect(after.header['kid']).toBe(before.header['kid'])
  })

  it('keeps the last good configuration and says where the new one is wrong, with line and column', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    writeFileSync(join(cwd, FILE), config(client('one', ', grant_typs: []')))
    const [told] = await idp.says(
      /warning: the configuration was not loaded again[\s\S]*did you mean grant_types/,
      'stderr',
    )
    expect(told).toContain(`${FILE}:3:`)
    expect(decode(await requestToken(url, ['one', 's3cret-of-one'])).claims).toMatchObject({
      client_id: 'one',
    })
    writeFileSync(join(cwd, FILE), config(client('three')))
    await idp.says(LOADED)
    await requestToken(url, ['three', 's3cret-of-three'])
    await expect(requestToken(url, ['one', 's3cret-of-one'])).rejects.toThrow('client one is not declared')
  })

  it('follows the files that the configuration names, also one that was missing', async () => {
    const named = `server: { port: 0 }\nclients:\n  - { client_id: one, client_secret_file: secret.txt }\n`
    const cwd = folder({ [FILE]: named, 'secret.txt': 'first-secret' })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    writeFileSync(join(cwd, 'secret.txt'), 'second-secret')
    await idp.says(LOADED)
    await requestToken(url, ['one', 'second-secret'])
    rmSync(join(cwd, 'secret.txt'))
    await idp.says(/there is no such file/, 'stderr')
    await requestToken(url, ['one', 'second-secret'])
    writeFileSync(join(cwd, 'secret.txt'), 'third-secret')
    await idp.says(/(configuration loaded again[\s\S]*){2}/)
    await requestToken(url, ['one', 'third-secret'])
  })

  it('goes on as before where the file is removed, and is not the demo for that', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    rmSync(join(cwd, FILE))
    await idp.says(/not loaded again[\s\S]*idp-double\.yaml: there is no such file\n/, 'stderr')
    await requestToken(url, ['one', 's3cret-of-one'])
    writeFileSync(join(cwd, 'next'), config(client('two')))
    renameSync(join(cwd, 'next'), join(cwd, FILE))
    await idp.says(LOADED)
    await requestToken(url, ['two', 's3cret-of-two'])
  })

  it.each<[string, (cwd: string) => void, RegExp]>([
    ['a link to itself', (cwd) => symlinkSync(FILE, join(cwd, FILE)), /not loaded again/],
    ['a folder', (cwd) => mkdirSync(join(cwd, FILE)), /not loaded again[\s\S]*it is a directory/],
  ])('goes on as before where the file becomes %s', async (_, change, told) => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    rmSync(join(cwd, FILE))
    change(cwd)
    await idp.says(told, 'stderr')
    await requestToken(url, ['one', 's3cret-of-one'])
  })

  it('says what waits for the next start: where it listens, and the keys of the server', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    writeFileSync(join(cwd, FILE), `server: { port: 1 }\nkeys: [{ alg: ES256 }]\nclients:\n${client('two')}`)
    const [, names] = await idp.says(/warning: not changed before the next start: (.*)\n/, 'stderr')
    expect(names).toBe('server, keys')
    await idp.says(LOADED)
    expect(decode(await requestToken(url, ['two', 's3cret-of-two'])).header).toMatchObject({ alg: 'RS256' })
  })

  it('goes on with the paths that it began with, and with the control API', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    const [, url = ''] = await idp.says(/issuer +(http\S+)/)
    const moved = 'issuer: { url: http://localhost:1/base }\ncontrol: { enabled: false }\n'
    writeFileSync(join(cwd, FILE), `${moved}${config(client('two'))}`)
    const [, names] = await idp.says(/warning: not changed before the next start: (.*)\n/, 'stderr')
    expect(names).toBe('control.enabled, the path of issuer.url')
    await idp.says(LOADED)
    expect(decode(await requestToken(url, ['two', 's3cret-of-two'])).claims).toMatchObject({ iss: url })
    expect((await fetch(`${url}/_mock/clock`)).status).toBe(200)
  })

  it('tells machines by events, and nothing but warnings where it is to be quiet', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch', '--log', 'json'], { cwd })
    await idp.says(/"event":"ready".*\n/)
    writeFileSync(join(cwd, FILE), config(client('two')))
    await idp.says(/\{"event":"notice","text":"configuration loaded again: .*"\}\n/)
    writeFileSync(join(cwd, FILE), '{')
    await idp.says(/\{"event":"warning","text":"the configuration was not loaded again.*\}\n/, 'stderr')
  })

  it('is refused where there is no file to follow', async () => {
    const { code, stderr } = await run(['--watch'])
    expect(code).toBe(2)
    expect(stderr).toContain('--watch has no file to follow: the configuration is the built-in demo')
    const inline = await run(['--watch'], {
      cwd: folder(),
      env: { IDP_DOUBLE_CONFIG: config(client('one')) },
    })
    expect(inline).toMatchObject({ code: 2 })
    expect(inline.stderr).toContain('IDP_DOUBLE_CONFIG')
  })

  it('ends at a signal as without', async () => {
    const cwd = folder({ [FILE]: config(client('one')) })
    await using idp = start(['--watch'], { cwd })
    await idp.says(/issuer +(http\S+)/)
    expect(issuerIn(idp.texts.stdout)).toContain('http')
    idp.child.kill('SIGTERM')
    expect(await idp.ended).toEqual([0, null])
  })
})
