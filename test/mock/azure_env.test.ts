import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'
import { CONFIG, HEADER, MACHINE, ORDERS, STORAGE, TENANT, verified } from '../support/managed_identity.ts'
import { startSecure } from '../support/tls.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const LOOPBACK_ONLY = join(ROOT, 'test/azure/support/loopback_only.mjs')
const CLIENT = 'c11e0000-0000-4000-8000-000000000001'

/** An application with the Azure SDK in a process of its own, which reaches this machine only. */
function application(credential: string, env: Readonly<Record<string, string>>): Promise<string> {
  const script = `
    import * as identity from '@azure/identity'
    const { token } = await new identity.${credential}.getToken('${STORAGE}/.default')
    process.stdout.write(token)`
  const args = ['--import', LOOPBACK_ONLY, '--input-type=module', '-e', script]
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: ROOT, env: { ...env } }, (error, stdout) =>
      error === null ? done(stdout) : fail(error),
    )
  })
}

describe("idp.env('azure')", () => {
  it('tells where managed identities and the tenant are; over http nothing that the SDKs would refuse', async () => {
    await using idp = await startIdp(CONFIG)
    expect(idp.env('azure')).toEqual({
      IDENTITY_ENDPOINT: `${idp.url}/msi/token`,
      IDENTITY_HEADER: HEADER,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: idp.url,
      AZURE_TENANT_ID: TENANT,
    })
  })

  it('lets new DefaultAzureCredential() work as it is', async () => {
    await using idp = await startIdp(CONFIG)
    const token = await application('DefaultAzureCredential()', idp.env('azure'))
    expect(await verified(idp, token)).toMatchObject({ aud: STORAGE, oid: MACHINE.object_id })
  })

  it('does so by the metadata service alone too', async () => {
    await using idp = await startIdp(CONFIG)
    const { AZURE_POD_IDENTITY_AUTHORITY_HOST = '' } = idp.env('azure')
    const token = await application('ManagedIdentityCredential()', { AZURE_POD_IDENTITY_AUTHORITY_HOST })
    expect(await verified(idp, token)).toMatchObject({ oid: MACHINE.object_id })
  })

  it('chooses an identity that a user assigned, by name or client id', async () => {
    await using idp = await startIdp(CONFIG)
    const env = idp.env('azure', { client: 'orders' })
    expect(env['AZURE_CLIENT_ID']).toBe(ORDERS.client_id)
    expect(idp.env('azure', { client: ORDERS.client_id })).toEqual(env)
    const token = await application('DefaultAzureCredential()', env)
    expect(await verified(idp, token)).toMatchObject({ oid: ORDERS.object_id })
  })

  it('has the authority and the CA where https is served, and there the secret of a client', async () => {
    const clients = [{ client_id: CLIENT, client_secret: 's3cret' }]
    await using idp = await startIdp({ ...CONFIG, clients, server: { tls: {} } })
    const env = idp.env('azure', { client: CLIENT })
    expect(env).toEqual({
      ...idp.env('azure'),
      AZURE_AUTHORITY_HOST: idp.httpsUrl,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_CLIENT_SECRET: 's3cret',
      NODE_EXTRA_CA_CERTS: idp.caFile,
      SSL_CERT_FILE: idp.caFile,
      REQUESTS_CA_BUNDLE: idp.caFile,
    })
    const asClient = await application('DefaultAzureCredential({ disableInstanceDiscovery: true })', env)
    expect(await verified(idp, asClient)).toMatchObject({ appid: CLIENT, iss: `${idp.httpsUrl}/${TENANT}/` })
    const asMachine = await application('DefaultAzureCredential()', idp.env('azure'))
    expect(await verified(idp, asMachine)).toMatchObject({
      oid: MACHINE.object_id,
      iss: `${idp.httpsUrl}/${TENANT}/`,
    })
  })

  it('is about the tenant that is asked for, whose address tells it where its secret does not', async () => {
    const { dialect, ...contoso } = CONFIG
    const fabrikam = { ...contoso, id: TENANT.replace('5b', '6b'), aliases: [] }
    await using idp = await startIdp({ dialect, tenants: { contoso, fabrikam } })
    const env = idp.env('azure', { tenant: 'fabrikam' })
    expect(env['AZURE_TENANT_ID']).toBe(fabrikam.id)
    expect(env['IDENTITY_HEADER']).toBe(idp.env('azure')['IDENTITY_HEADER'])
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER, ...imds } = env
    for (const sources of [env, imds]) {
      const token = await application('DefaultAzureCredential()', sources)
      expect(await verified(idp, token, fabrikam.id)).toMatchObject({ tid: fabrikam.id })
    }
  })

  it('says what is missing', async () => {
    await using standard = await startIdp()
    expect(() => standard.env('azure')).toThrow(
      new TypeError('no tenant has the dialect entra, so nothing here looks like Azure; set dialect: entra'),
    )
    const clients = [{ client_id: CLIENT, client_secret: 's3cret' }, { client_id: 'public' }]
    await using idp = await startIdp({ ...CONFIG, clients })
    expect(() => idp.env('azure', { tenant: 'fabrikam' })).toThrow(/^there is no tenant fabrikam with /)
    expect(() => idp.env('azure', { client: 'nobody' })).toThrow(
      `nobody is no client and no managed identity of tenant default; declared: ${CLIENT}, public, machine or orders`,
    )
    expect(() => idp.env('azure', { client: CLIENT })).toThrow(/serve https/)
    expect(idp.env('azure', { client: 'public' })).toMatchObject({ AZURE_CLIENT_ID: 'public' })
    expect(() => idp.env('aws' as 'tls')).toThrow(
      'env has variables for authjs, azure, dotnet, generic, spring or tls, not for aws',
    )
  })
})

describe("idp.env('tls')", () => {
  it('is the CA for each runtime, and nothing where there is none', async () => {
    await using idp = await startIdp({ server: { tls: {} } })
    const env = idp.env('tls')
    expect(Object.keys(env)).toEqual(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'])
    expect(readFileSync(env['SSL_CERT_FILE'] ?? '', 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/)
    await using plain = await startIdp()
    expect(plain.env('tls')).toEqual({})
  })
})

describe('the root of a server of Entra tenants', () => {
  const client = { client_id: CLIENT, client_secret: 's3cret' }

  it('tells in plain text how clients find it, with the ids filled in and no secret', async () => {
    await using idp = await startIdp({ ...CONFIG, clients: [client], server: { tls: {} } })
    const { status, headers, text } = await get(`${idp.url}/`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    const { host } = new URL(idp.httpsUrl ?? '')
    expect(text).toContain(
      `auth: { clientId: '${CLIENT}', authority: 'https://${host}/${TENANT}', knownAuthorities: ['${host}'] }`,
    )
    expect(text).toContain(`AZURE_POD_IDENTITY_AUTHORITY_HOST=${idp.url}\n`)
    expect(text).toContain(`  ${TENANT}  default, contoso.onmicrosoft.com\n`)
    for (const secret of [HEADER, client.client_secret]) expect(text).not.toContain(secret)
  })

  it('names the host of the issuer where that is fixed, wherever it is read', async () => {
    const fixed = { ...CONFIG, issuer: { url: 'https://login.example.test/sso' } }
    await using secure = await startSecure(fixed)
    const text = await (await secure.fetch(`${secure.httpsUrl}/`)).text()
    expect(text).toContain(`issuer: 'https://login.example.test/sso/${TENANT}/v2.0'`)
    expect(text).toContain(`AZURE_POD_IDENTITY_AUTHORITY_HOST=${secure.httpsUrl}\n`)
  })

  it('says that https is needed where none is served', async () => {
    await using idp = await startIdp(CONFIG)
    expect((await get(idp.url)).text).toContain('https is not served')
  })

  it('is that of the tenant which stands there', async () => {
    const tenants = { contoso: CONFIG, other: { dialect: 'standard' as const, hosts: ['localhost'] } }
    await using idp = await startIdp({ tenants })
    expect((await get(`${idp.url}/`)).text).not.toContain('MSAL')
    await using standard = await startIdp()
    expect((await get(`${standard.url}/`)).text).not.toContain('MSAL')
  })
})
