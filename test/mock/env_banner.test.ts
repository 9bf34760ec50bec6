import { describe, expect, it } from 'vitest'
import { BANNER, issuerIn, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { shell } from '../support/shell.ts'

describe('the banner of the demo', () => {
  it('has a line of variables for each common framework, which a shell takes', async () => {
    await using idp = start(['--port', '0'])
    await idp.says(BANNER)
    const issuer = issuerIn(idp.texts.stdout)
    const [, block = ''] = /\nan application\n([\s\S]*?)\n\n/.exec(idp.texts.stdout) ?? []
    const lines = block.split('\n').map((line) => line.trim())
    expect(lines).toEqual([
      `AUTH_IDP_ISSUER=${issuer} AUTH_IDP_ID=web  # Auth.js: { id: 'idp', type: 'oidc' }`,
      expect.stringMatching(/^SPRING_\S+_ISSUERURI=\S+ .*_SCOPE=openid,profile,email {2}# Spring Boot$/),
      expect.stringMatching(/^Authentication__\S+__Authority=\S+ .*__ClientId=web .* {2}# ASP\.NET Core$/),
    ])
    for (const line of lines) expect(await shell(`env -i ${line}`)).toContain(issuer)
  })

  it('is the only one that has them', async () => {
    const cwd = folder({
      'idp-double.yaml': 'server: { port: 0 }\nclients: [{ client_id: a, client_secret: b }]\n',
    })
    await using idp = start([], { cwd })
    await idp.says(BANNER)
    expect(idp.texts.stdout).not.toContain('an application')
  })
})
