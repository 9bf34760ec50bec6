/** docs/azure-storage: the stack of its compose file, step by step, without containers. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { startIdp } from '../../src/index.ts'
import { run } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { RECIPE, services, startAzurite } from './support/azurite.ts'
import { startSdk } from './support/sdk.ts'

const LOOPBACK_ONLY = pathToFileURL(join(import.meta.dirname, 'support/loopback_only.mjs')).href

/** What `certificates`, `idp` and `azurite` are, in the order in which they start. */
async function start(changes: object = {}) {
  const cwd = folder()
  const { environment, command } = services.certificates
  const { server, ...tenant } = parse(environment.IDP_DOUBLE_CONFIG)
  const config = { ...tenant, ...changes, server: { tls: server.tls, state_dir: cwd } }
  const configFile = join(cwd, 'idp-double.yaml')
  writeFileSync(configFile, stringify(config))
  const args = command.map((word: string) => word.replace('/state', cwd))
  expect(await run(args, { cwd })).toMatchObject({ code: 0, stderr: '' })
  const idp = await startIdp({ configFile })
  const azurite = await startAzurite(join(cwd, 'azurite.pem'), cwd)
  return {
    env: { ...idp.env('azure'), ...idp.env('tls') },
    account: azurite.account,
    caFile: String(idp.caFile),
    async [Symbol.asyncDispose]() {
      await azurite[Symbol.asyncDispose]()
      await idp.stop()
    },
  }
}

describe('@azure/storage-blob with DefaultAzureCredential, unchanged', () => {
  it('writes a blob into Azurite and reads it, with variables of the environment alone', async () => {
    await using stack = await start()
    // What the compose file sets, or more.
    expect(stack.env).toMatchObject({
      AZURE_POD_IDENTITY_AUTHORITY_HOST: expect.stringMatching(/^http:/),
      NODE_EXTRA_CA_CERTS: stack.caFile,
    })
    const env = {
      PATH: process.env['PATH'],
      STORAGE_ACCOUNT_URL: stack.account,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: stack.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'],
      NODE_EXTRA_CA_CERTS: stack.caFile,
    }
    const program = ['--import', LOOPBACK_ONLY, join(RECIPE, 'app.mjs')]
    const { stdout } = await promisify(execFile)(process.execPath, program, { env })
    expect(stdout).toBe('the first order\n')
  })

  it.each([
    ["whose issuer is none of Microsoft's", { entra: { issuer: 'own' } }, {}, 'Invalid token issuer.'],
    ['for another API', {}, { audience: 'https://vault.azure.net/.default' }, 'Invalid token audience.'],
  ])('is refused with a token %s', async (_what, changes, options, authenticationErrorDetail) => {
    await using stack = await start(changes)
    await using application = startSdk(stack.caFile, stack.env)
    const asked = { account: stack.account, text: 'never', options }
    await expect(application.call('storage', 'writeAndRead', asked)).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthenticationFailed',
      details: { authenticationErrorDetail },
    })
  })
})

describe('docs/azure-storage/compose.yaml', () => {
  it('starts each part when what it needs is there', () => {
    const { certificates, idp, azurite, app } = services
    expect(idp.environment).toEqual(certificates.environment)
    for (const service of [idp, azurite])
      expect(service.depends_on.certificates.condition).toBe('service_completed_successfully')
    expect(app.depends_on).toMatchObject({
      idp: { condition: 'service_healthy' },
      azurite: { condition: 'service_started' },
    })
    const out = certificates.command.at(-1)
    expect(azurite.command).toEqual(expect.arrayContaining([`--cert=${out}`, `--key=${out}`]))
    expect(certificates.command[2].split(',')).toContain(
      new URL(app.environment.STORAGE_ACCOUNT_URL).hostname,
    )
  })

  it('tells the application no more than where its managed identity is, and whom it may trust', () => {
    const { AZURE_POD_IDENTITY_AUTHORITY_HOST, NODE_EXTRA_CA_CERTS, ...rest } = services.app.environment
    expect(Object.keys(rest)).toEqual(['STORAGE_ACCOUNT_URL'])
    expect(new URL(AZURE_POD_IDENTITY_AUTHORITY_HOST).hostname).toBe('idp')
    expect(NODE_EXTRA_CA_CERTS).toBe('/state/ca.pem')
  })
})
